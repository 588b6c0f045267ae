package frenchtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLooseSpacesAreFoundInTextsAndNowhereElse(t *testing.T) {
	const source = `a := "juste" // un : deux
b = "Vraiment ?"
c = "Dites : « oui »" ` + "\n" + "d: `Encore une fois !`" + `
e = "Vraiment\u00a0? Oui ; dit-il"
f = "https://example.com/?a=1, 12:30 et « bien »"
g = "" ; h = ""
i = " :"
`
	require.Equal(t, []string{
		`fr.toml:2: "Vraiment ?"`,
		`fr.toml:3: "Dites : « oui »"`,
		"fr.toml:4: `Encore une fois !`",
		`fr.toml:5: "Vraiment\u00a0? Oui ; dit-il"`,
		`fr.toml:8: " :"`,
	}, looseIn("fr.toml", source))
}
