// Package letters writes the mails of the procedure to a complainant: one text
// a step, in Dutch (je or u) and in English, from templates that the owner can
// replace. Start at [Compose].
//
// A template is a text/template. Its first line may be "Subject: ..." (or
// "Onderwerp: ..."); without it the letter has the subject of the embedded one.
// After it comes the body, as it will stand in the mail: each line break is
// kept, and a line that is longer than 72 columns is wrapped, so a paragraph is
// best written as one long line. Several blank lines become one.
//
// {{.Name}} and the like are the fields that [Fields] lists. {{ju "je" "u"}} is
// the first or the second, as the policy addresses people. {{gap "..."}} is a
// place where the owner's words are still to come; see [HasGap]. What letters
// share, such as the signature, stands as {{define}}s in parts.nl.txt and
// parts.en.txt; a file of the owner's with that name replaces those parts that
// it defines.
//
// What comes from outside is a value, never a template, and never more than one
// line where it has to be one. A letter that would leave out what the procedure
// promises, such as the bodies to turn to in a closing, is an error.
package letters
