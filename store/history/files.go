package history

// Attributes tells git how to treat the files of a register: mails byte for
// byte, also where git changes the ends of lines, and what is merged by its
// meaning.
const Attributes = `# Mails are kept byte for byte, text has the ends of lines that klacht writes.
*.eml -text
*.yaml text eol=lf
letters/*.txt text eol=lf
open/*.yaml merge=klacht
archive/*/*.yaml merge=klacht
/regeling.yaml merge=klacht
/purged.yaml merge=klacht
/register.yaml merge=klacht
`

// Ignore names what never belongs in the history of a register: what is of this
// machine alone, what has not left yet, and what editors leave behind.
const Ignore = `/.klacht/
/outbox/
.tmp-*
*~
.*.sw?
#*#
.#*
.DS_Store
Thumbs.db
`
