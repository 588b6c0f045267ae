package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/survey"
)

func TestFieldsSayWhatIsTrueOfTheReader(t *testing.T) {
	lea := campaign.Reader{FirstName: "Léa", Unit: "Nantes", Until: day(t, "2026-12-01")}
	nobody := campaign.Reader{}
	for _, c := range []struct {
		lang, text string
		reader     campaign.Reader
		want       string
	}{
		{"fr", "Bonjour {prenom}, à {etablissement} d'ici {date_limite}.", lea, "Bonjour Léa, à Nantes d'ici mardi 1er décembre."},
		{"fr", "Bonjour {Prénom}, à { établissement } d'ici {date limite}.", lea, "Bonjour Léa, à Nantes d'ici mardi 1er décembre."},
		{"en", "Hello {first_name}, at {unit} until {until}.", lea, "Hello Léa, at Nantes until Tuesday 1 December."},
		{"en", "Hello {First name}.", lea, "Hello Léa."},
		{"fr", "Bonjour {prenom}, bienvenue chez {etablissement}.", nobody, "Bonjour cher membre de l'équipe, bienvenue chez votre établissement."},
		{"fr", "{prenom}, bonjour. {prenom}\n{prenom}", nobody, "Cher membre de l'équipe, bonjour. Cher membre de l'équipe\nCher membre de l'équipe"},
		{"en", "Hello {first_name}: news of {unit}", nobody, "Hello dear colleague: news of your workplace"},
		{"fr", "{prenom}", campaign.Reader{FirstName: "{etablissement}", Unit: "Nantes"}, "{etablissement}"},
		{"fr", "Un {autre} champ, une { accolade, un {} vide", lea, "Un {autre} champ, une { accolade, un {} vide"},
	} {
		require.Equal(t, c.want, campaign.Fill(c.text, c.lang, c.reader), c.text)
	}
}

func TestAFieldThatNobodyKnowsKeepsAMessageFromBeingLaunched(t *testing.T) {
	c := content(t)
	c.Kind, c.Questionnaire = campaign.Message, ""
	c.Title = survey.Wording{FR: "Pour {prenom}", EN: "For {prenom}"}
	c.Text = survey.Wording{FR: "Chez {magasin}, {Prénom} et {nom}.", EN: "At {unit}."}
	require.Equal(t, []campaign.Problem{
		{Field: "title.en", Code: campaign.UnknownField, Detail: "{prenom}"},
		{Field: "text.fr", Code: campaign.UnknownField, Detail: "{magasin}, {nom}"},
	}, c.Problems(day(t, "2026-11-02"), campaign.Known{Unit: true}))
	require.Equal(t, []string{"{prenom}", "{etablissement}", "{date_limite}"}, campaign.Fields("fr"))
	require.Equal(t, []string{"{first_name}", "{unit}", "{until}"}, campaign.Fields("en"))

	c.Kind, c.Questionnaire = campaign.Survey, "pulse.v1"
	require.Empty(t, c.Problems(day(t, "2026-11-02"), campaign.Known{Unit: true, Questionnaire: true}), "a survey says none of it")
}

// Whatever is written: what is no field stays as it is, and filling twice changes no more than filling once.
func TestFillingLeavesEverythingElseAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reader := campaign.Reader{FirstName: "Léa", Unit: "Nantes", Until: clock.Date{Year: 2026, Month: 11, Day: 17}}
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab {}_\né"))).Draw(t, "text")
		require.Equal(t, text, campaign.Fill(text, "fr", reader))
		before, after := rapid.StringOf(rapid.RuneFrom([]rune("ab \né."))).Draw(t, "before"), rapid.StringOf(rapid.RuneFrom([]rune("ab }\né."))).Draw(t, "after")
		require.Equal(t, before+"Léa"+after, campaign.Fill(before+"{prenom}"+after, "fr", reader))
	})
}
