package deadlines

import (
	"net/url"
	"slices"
	"strings"
)

// Own reports whether an e-mail address is the firm's: one that the policy names, or
// any of the same domain or below it, such as wordpress@ of the website, unless that is
// one where everybody can have an address. Case does not matter.
func (p *Policy) Own(address string) bool {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	for _, own := range append([]string{p.Organisation.Email}, p.Organisation.Addresses...) {
		if own == "" {
			continue
		}
		_, of, _ := strings.Cut(strings.ToLower(own), "@")
		if strings.EqualFold(own, address) || of != "" && !anybodys(of) && (domain == of || strings.HasSuffix(domain, "."+of)) {
			return true
		}
	}
	return false
}

// Calls reports whether a name is that of the firm or of its handler.
func (p *Policy) Calls(name string) bool {
	same := func(own string) bool { return own != "" && strings.EqualFold(strings.TrimSpace(name), own) }
	return same(p.Organisation.Handler) || same(p.Organisation.Name)
}

// BodyAt returns the name of the body of the procedure whose e-mail address it is, or
// that has an address or a website in its domain; "" if there is none.
func (p *Policy) BodyAt(address string) string {
	_, domain, found := strings.Cut(strings.ToLower(address), "@")
	for _, b := range p.Bodies {
		_, of, _ := strings.Cut(strings.ToLower(b.Address), "@")
		site, _ := url.Parse(b.URL)
		if site == nil {
			site = &url.URL{}
		}
		switch {
		case !found:
		case strings.EqualFold(b.Address, address), domain == of && !anybodys(of), domain == strings.TrimPrefix(strings.ToLower(site.Hostname()), "www."):
			return b.Name
		}
	}
	return ""
}

// anybodys reports whether everybody can have an address in a domain.
func anybodys(domain string) bool { return slices.Contains(strings.Fields(providers), domain) }

// providers are the domains in which Dutch people and firms have a mailbox beside
// others: those of access providers and of free mail.
const providers = `gmail.com googlemail.com outlook.com outlook.nl hotmail.com hotmail.nl live.com live.nl msn.com
	icloud.com me.com mac.com yahoo.com yahoo.nl ymail.com aol.com gmx.com gmx.net gmx.de web.de mail.com zoho.com proton.me protonmail.com pm.me
	tutanota.com tuta.com fastmail.com hey.com mailbox.org posteo.de posteo.net startmail.com soverin.net kpnmail.nl kpnplanet.nl planet.nl hetnet.nl
	ziggo.nl upcmail.nl chello.nl casema.nl home.nl quicknet.nl zeelandnet.nl xs4all.nl tele2.nl telfort.nl telfortglasvezel.nl online.nl
	solcon.nl freedom.nl caiway.nl caiway.net kabelfoon.nl zonnet.nl wanadoo.nl versatel.nl lijbrandt.nl delta.nl odido.nl t-mobilethuis.nl
	telenet.be skynet.be proximus.be scarlet.be`
