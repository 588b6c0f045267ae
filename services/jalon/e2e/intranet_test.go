package e2e

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// onIntranet is the link of the demo's bar to the same person's page on another origin.
var onIntranet = regexp.MustCompile(`href="(http://[^"]+/be/[^"]+)"`)

// theIntranetShowsPrompts: on the demo's page of another origin, who has something to answer sees it, and sees it go when it is
// answered on Jalon.
func theIntranetShowsPrompts(t *testing.T, i *installation, employee string) {
	t.Helper()
	v := i.be(employee)
	_, home := v.get("/")
	link := onIntranet.FindStringSubmatch(home)
	require.NotNil(t, link, "the demo's bar leads to the intranet")

	page := newPerson(t, openBrowser(t), i.url, noLook)
	page.open(link[1])
	require.NotContains(t, ask[string](page, "location.origin"), i.url)
	const shown = `[...document.querySelector("jalon-prompt").shadowRoot?.querySelectorAll("section:not([hidden]) [part=prompt]") ?? []].length`
	page.until("the prompt on a page of another origin", shown+" > 0")
	before, invitations := ask[int](page, shown), v.invitations()
	page.bringAxe()
	for _, screen := range []screen{phone, desk} {
		for _, scheme := range []string{"light", "dark"} {
			page.dress(screen, scheme)
			require.Empty(t, ask[[]string](page, violations), "%s, %d wide", scheme, screen.width)
			require.False(t, ask[bool](page, "document.documentElement.scrollWidth > innerWidth"))
		}
	}
	for _, invitation := range invitations {
		v.answer(invitation)
	}
	page.until("what is answered on Jalon to go from the intranet", fmt.Sprintf("%s === %d", shown, before-len(invitations)))
}
