package channel

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap/zaptest"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/frenchtest"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/notifications/internal/outward"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

func TestFrenchLinesDoNotBreakBeforeTheirPunctuation(t *testing.T) { frenchtest.Spaced(t, "words.go") }

var monday = time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)

var pulse = Campaign{ID: event.ID("campaign"), Until: "2026-12-01"}

func TestANoteTellsThatSomethingBeganAndNothingOfWhom(t *testing.T) {
	n := announce("fr", pulse, "https://jalon.example.com")
	require.Equal(t, "Quelques questions vous attendent peut-être", n.Title)
	require.Contains(t, n.Text, "jusqu'au 1er décembre 2026")
	said := announce("en", Campaign{Message: true, TitleFR: "Nouvelle cantine", TitleEN: "New canteen", Until: "2026-11-17"}, "")
	require.Equal(t, "New canteen", said.Title)
	require.Contains(t, said.Text, "until 17 November 2026")
	require.Equal(t, "Un message vous attend peut-être", announce("fr", Campaign{Message: true, TitleFR: " "}, "").Title)
}

func TestNothingInATitleIsMarkup(t *testing.T) {
	n := note{Title: "<!channel> *a* & [b](http://evil.example)", Text: "<b>", Open: "Open", Home: "https://jalon.example.com"}
	raw, err := n.body(Slack)
	require.NoError(t, err)
	var slack struct {
		Text   string
		Blocks []struct {
			Type string
			Text struct{ Type, Text string }
		}
	}
	require.NoError(t, json.Unmarshal(raw, &slack))
	require.Equal(t, "&lt;!channel&gt; *a* &amp; [b](http://evil.example)", slack.Text, "no channel is called")
	require.Equal(t, "plain_text", slack.Blocks[0].Text.Type)
	require.Equal(t, n.Title, slack.Blocks[0].Text.Text)
	require.Equal(t, "plain_text", slack.Blocks[1].Text.Type)
	require.Equal(t, "<https://jalon.example.com|Open>", slack.Blocks[2].Text.Text)

	raw, err = n.body(Teams)
	require.NoError(t, err)
	var teams struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type, Version string
				Body          []struct {
					Type    string
					Inlines []struct{ Type, Text string }
				}
				Actions []struct{ Type, Title, URL string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(raw, &teams))
	require.Equal(t, "message", teams.Type)
	require.Equal(t, "application/vnd.microsoft.card.adaptive", teams.Attachments[0].ContentType)
	card := teams.Attachments[0].Content
	require.Equal(t, "AdaptiveCard", card.Type)
	for _, block := range card.Body {
		require.Equal(t, "RichTextBlock", block.Type, "whose runs know no markup")
	}
	require.Equal(t, n.Title, card.Body[0].Inlines[0].Text)
	require.Equal(t, n.Home, card.Actions[0].URL)
}

func TestWhatAChatAnswersDecidesWhetherItIsAskedAgain(t *testing.T) {
	for name, is := range map[string]struct {
		answer  outward.Answer
		state   State
		wait    time.Duration
		revoked bool
	}{
		"taken":          {outward.Answer{Status: 200}, Sent, 0, false},
		"accepted":       {outward.Answer{Status: 202}, Sent, 0, false},
		"busy":           {outward.Answer{Status: 429, Trouble: outward.Status, After: time.Minute}, Waiting, time.Minute, false},
		"broken":         {outward.Answer{Status: 500, Trouble: outward.Status}, Waiting, pauses[0], false},
		"between":        {outward.Answer{Status: 502, Trouble: outward.Status}, Unknown, 0, false},
		"revoked":        {outward.Answer{Status: 404, Trouble: outward.Status}, Failed, 0, true},
		"archived":       {outward.Answer{Status: 410, Trouble: outward.Status}, Failed, 0, true},
		"wrong":          {outward.Answer{Status: 400, Trouble: outward.Status}, Failed, 0, false},
		"elsewhere":      {outward.Answer{Status: 302, Trouble: outward.Redirect}, Failed, 0, false},
		"inside":         {outward.Answer{Trouble: outward.Forbidden}, Failed, 0, false},
		"nobody answers": {outward.Answer{Trouble: outward.Unreachable}, Waiting, pauses[0], false},
	} {
		a, wait, revoked := judge(Announcement{State: Sending}, is.answer)
		require.Equal(t, is.state, a.State, name)
		require.Equal(t, is.wait, wait, name)
		require.Equal(t, is.revoked, revoked, name)
	}
	tired, _, _ := judge(Announcement{Attempts: len(pauses)}, outward.Answer{Status: 503, Trouble: outward.Status})
	require.Equal(t, Failed, tired.State)
}

// chat is a channel's other side.
type chat struct {
	*httptest.Server
	mu     sync.Mutex
	posts  int
	answer http.HandlerFunc
}

func chatting(t *testing.T, answer http.HandlerFunc) *chat {
	t.Helper()
	c := &chat{answer: answer}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.posts++
		c.mu.Unlock()
		c.answer(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *chat) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.posts
}

func process(t *testing.T, db *mongo.Database) *Channels {
	t.Helper()
	masters, err := vault.ParseMasters(vault.Use{Setting: "TEST", Label: "test"}, "a secret of this test that is long enough")
	require.NoError(t, err)
	client, err := outward.New(outward.Config{Loopback: true})
	require.NoError(t, err)
	require.NoError(t, mongodb.Migrate(t.Context(), db, Migrations(1)))
	return New(Parts{DB: db, Clock: clock.NewFrozen(monday), Log: zaptest.NewLogger(t), Vault: vault.New(db, masters), Client: client, Home: "https://jalon.example.com"})
}

func (c *Channels) mustSave(t *testing.T, address string) Channel {
	t.Helper()
	saved, err := c.Save(t.Context(), Channel{ID: event.ID("channel", address), Name: "#stores", Kind: Slack, Language: "fr"}, address)
	require.NoError(t, err)
	return saved
}

// due is the announcement of the pulse in a channel, dealt with once.
func (c *Channels) due(t *testing.T, id string) Announcement {
	t.Helper()
	_, err := c.handle(t.Context(), monday, []agenda.Item{{ID: announcementID(pulse.ID, id)}})
	require.NoError(t, err)
	made, err := c.Announcements(t.Context(), pulse.ID)
	require.NoError(t, err)
	require.Len(t, made, 1)
	return made[0]
}

func TestAnAnnouncementIsMadeOnceHoweverOftenItIsAskedFor(t *testing.T) {
	s := chatting(t, func(http.ResponseWriter, *http.Request) {})
	c := process(t, mongotest.Database(t))
	saved := c.mustSave(t, s.URL)
	for range 3 {
		require.NoError(t, c.Announce(t.Context(), pulse, []string{saved.ID}))
		require.Equal(t, Sent, c.due(t, saved.ID).State)
	}
	require.Equal(t, 1, s.count())
}

func TestAProcessThatDiesWhileItAnnouncesLeavesItInDoubtAndNobodyRepeatsIt(t *testing.T) {
	s := chatting(t, func(http.ResponseWriter, *http.Request) {})
	db := mongotest.Database(t)
	c := process(t, db)
	saved := c.mustSave(t, s.URL)
	require.NoError(t, c.Announce(t.Context(), pulse, []string{saved.ID}))
	a, err := c.store.announcement(t.Context(), announcementID(pulse.ID, saved.ID))
	require.NoError(t, err)
	a.Claim = "of a process that dies"
	ours, err := c.store.claim(t.Context(), a)
	require.NoError(t, err)
	require.True(t, ours)

	next := process(t, db)
	require.Equal(t, Unknown, next.due(t, saved.ID).State)
	require.Equal(t, Unknown, next.due(t, saved.ID).State)
	require.Zero(t, s.count())

	a.State = Sent // it was only slow
	require.NoError(t, c.store.settle(t.Context(), a))
	require.Equal(t, Sent, next.due(t, saved.ID).State)
}

func TestALineThatIsCutLeavesAnAnnouncementInDoubt(t *testing.T) {
	s := chatting(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	c := process(t, mongotest.Database(t))
	saved := c.mustSave(t, s.URL)
	require.NoError(t, c.Announce(t.Context(), pulse, []string{saved.ID}))
	for range 2 {
		require.Equal(t, Unknown, c.due(t, saved.ID).State)
	}
	require.Equal(t, 1, s.count())
}

func TestAChannelThatIsRevokedSaysSoUntilItHasAnotherAddress(t *testing.T) {
	s := chatting(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	c := process(t, mongotest.Database(t))
	saved := c.mustSave(t, s.URL)
	require.NoError(t, c.Announce(t.Context(), pulse, []string{saved.ID}))
	require.Equal(t, Failed, c.due(t, saved.ID).State)
	all, err := c.List(t.Context())
	require.NoError(t, err)
	require.False(t, all[0].RevokedAt.IsZero())
	renamed := all[0]
	renamed.Name = "#shops"
	renamed, err = c.Save(t.Context(), renamed, "")
	require.NoError(t, err)
	require.False(t, renamed.RevokedAt.IsZero(), "a name changes nothing")
	other, err := c.Save(t.Context(), renamed, "http://localhost:1/other")
	require.NoError(t, err)
	require.True(t, other.RevokedAt.IsZero())
	require.NotContains(t, string(other.Address), "localhost", "it is sealed")
}

func TestOfAChannelThatIsRemovedNothingIsLeftAndWhatWaitsIsNotMade(t *testing.T) {
	s := chatting(t, func(http.ResponseWriter, *http.Request) {})
	c := process(t, mongotest.Database(t))
	saved := c.mustSave(t, s.URL)
	require.NoError(t, c.Announce(t.Context(), pulse, []string{saved.ID}))
	require.NoError(t, c.Remove(t.Context(), saved.ID))
	a := c.due(t, saved.ID)
	require.Equal(t, Failed, a.State)
	require.Equal(t, removed, a.Trouble)
	require.Zero(t, s.count())
	_, err := c.Test(t.Context(), saved.ID)
	require.ErrorIs(t, err, mongodb.ErrNotFound)
}

func TestACampaignThatIsOverIsNotAnnounced(t *testing.T) {
	s := chatting(t, func(http.ResponseWriter, *http.Request) {})
	for until, announced := range map[string]bool{"2026-11-01": true, "2026-10-31": false} { // somewhere it is still 1 November
		c := process(t, mongotest.Database(t))
		saved := c.mustSave(t, s.URL)
		before := s.count()
		campaign := pulse
		campaign.Until = until
		require.NoError(t, c.Announce(t.Context(), campaign, []string{saved.ID}))
		a := c.due(t, saved.ID)
		require.Equal(t, announced, a.State == Sent, until)
		require.Equal(t, announced, s.count() > before, until)
		if !announced {
			require.Equal(t, over, a.Trouble)
		}
	}
}

func TestWhatIsWrongWithAChannelIsSaid(t *testing.T) {
	c := process(t, mongotest.Database(t))
	_, err := c.Save(t.Context(), Channel{ID: event.ID("channel"), Kind: "irc", Language: "de"}, "http://example.com")
	var wrong *ProblemsError
	require.ErrorAs(t, err, &wrong)
	require.ElementsMatch(t, []Problem{
		{"name", Missing}, {"kind", Missing}, {"language", Missing}, {"address", Code(outward.NotHTTPS)},
	}, wrong.Problems)
	c.Vault = nil
	_, err = c.Save(t.Context(), Channel{}, "")
	require.ErrorIs(t, err, ErrOff)
}

func TestWhoLostTheMasterKeyEntersTheAddressAgain(t *testing.T) {
	s := chatting(t, func(http.ResponseWriter, *http.Request) {})
	db := mongotest.Database(t)
	saved := process(t, db).mustSave(t, s.URL)
	other, err := vault.ParseMasters(vault.Use{Setting: "TEST", Label: "test"}, "another secret that is long enough too")
	require.NoError(t, err)
	c := process(t, db)
	c.Vault = vault.New(db, other)
	_, err = c.Test(t.Context(), saved.ID)
	require.ErrorIs(t, err, vault.ErrSealed)
	_, err = c.Save(t.Context(), saved, s.URL)
	require.NoError(t, err)
	answer, err := c.Test(t.Context(), saved.ID)
	require.NoError(t, err)
	require.True(t, answer.OK())
}
