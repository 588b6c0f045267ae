package moments_test

import (
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

func TestTheCatalogueIsReadInTheLanguageAskedFor(t *testing.T) {
	in := install(t, moments.Config{})
	french, err := in.client().ListKeyMoments(in.as(personID(1)), &momentsv1.ListKeyMomentsRequest{})
	require.NoError(t, err)
	english, err := in.client().ListKeyMoments(in.as(personID(1)), &momentsv1.ListKeyMomentsRequest{Language: "en"})
	require.NoError(t, err)
	require.Len(t, french.GetKeyMoments(), 16)
	require.Equal(t, "Entretien de recrutement", french.GetKeyMoments()[0].GetName())
	require.Equal(t, "Recruitment interview", english.GetKeyMoments()[0].GetName())
	for _, km := range english.GetKeyMoments() {
		require.NotEmpty(t, km.GetExpectedEmotions(), km.GetCode())
		require.Subset(t, []string{"curious", "impatient", "enthusiastic", "anxious", "stressed", "confident", "indifferent", "disappointed", "grateful", "serene", "sad"},
			ids(km.GetExpectedEmotions()), km.GetCode())
	}
}

func TestHRChangesHowLongAFollowUpMayBeAskedAndAnsweredAndWhatIsExpected(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	entry, err := in.client().GetKeyMoment(in.hr(), &momentsv1.GetKeyMomentRequest{Code: "training", Language: "en"})
	require.NoError(t, err)
	require.Contains(t, ids(entry.GetEmotions()), "serene")
	change := &momentsv1.UpdateKeyMomentRequest{
		Code: "training", Texts: entry.GetTexts(), ExpectedEmotions: &momentsv1.OptionIds{Ids: []string{"serene"}},
		FollowUps: []*momentsv1.FollowUpRule{
			{Code: "day_1", OffsetDays: 5, GraceDays: new(int32(0)), AnswerDays: new(int32(3))}, {Code: "day_60", OffsetDays: -2},
		},
	}
	_, err = in.client().UpdateKeyMoment(in.hr(), change)
	require.NoError(t, err)
	entry, err = in.client().GetKeyMoment(in.hr(), &momentsv1.GetKeyMomentRequest{Code: "training", Language: "en"})
	require.NoError(t, err)
	changed := entry.GetKeyMoment()
	require.Equal(t, []string{"serene"}, ids(changed.GetExpectedEmotions()))
	first, second := changed.GetFollowUps()[0], changed.GetFollowUps()[1]
	require.Equal(t, []any{int32(0), int32(3), "day_5"}, []any{first.GetGraceDays(), first.GetAnswerDays(), first.GetToldAs()})
	require.Equal(t, []any{int32(21), int32(14), "before_2"}, []any{second.GetGraceDays(), second.GetAnswerDays(), second.GetToldAs()},
		"what an update does not speak of stays")

	_, err = in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "training", PersonId: personID(2), HappensOn: "2026-11-02"})
	require.NoError(t, err)
	in.moveTo("2026-11-07T09:30:00Z")
	require.Equal(t, 1, in.awaitInvitations(2)[personID(2)+" day_5"], "others call it by its days too")
	asked := in.momentsOf(personID(2))[0].GetFollowUps()[0]
	require.Equal(t, "day_5", asked.GetToldAs())
	survey := func() momentsv1.GetSurveyResponse_State {
		got, err := in.client().GetSurvey(in.as(personID(2)), &momentsv1.GetSurveyRequest{InvitationId: asked.GetInvitationId()})
		require.NoError(t, err)
		return got.GetState()
	}
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_OPEN, survey())
	in.clock.Advance(3 * 24 * time.Hour)
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_EXPIRED, survey())

	for field, wrong := range map[string]func(*momentsv1.UpdateKeyMomentRequest){
		"grace_day_1":  func(r *momentsv1.UpdateKeyMomentRequest) { r.FollowUps[0].GraceDays = new(int32(-1)) },
		"answer_day_1": func(r *momentsv1.UpdateKeyMomentRequest) { r.FollowUps[0].AnswerDays = new(int32(61)) },
		"expected": func(r *momentsv1.UpdateKeyMomentRequest) {
			r.ExpectedEmotions = &momentsv1.OptionIds{Ids: []string{"hungry"}}
		},
	} {
		request := proto.CloneOf(change)
		request.Version = 1
		wrong(request)
		_, err := in.client().UpdateKeyMoment(in.hr(), request)
		require.Equal(t, field, rpc.Violations(err)[0].Field)
	}
}

func ids(options []*momentsv1.Option) []string {
	out := make([]string, len(options))
	for i, o := range options {
		out[i] = o.GetId()
	}
	return out
}

func TestHRChangesTheCatalogueAndOpenMomentsKeepWhatTheyWerePlannedWith(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declare := func(person int) map[string]string {
		declared, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "training", PersonId: personID(person)})
		require.NoError(t, err)
		got, err := in.client().GetMoment(in.hr(), &momentsv1.GetMomentRequest{MomentId: declared.GetMomentId()})
		require.NoError(t, err)
		due := map[string]string{}
		for _, f := range got.GetMoment().GetFollowUps() {
			due[f.GetCode()] = f.GetDueAt()[:10]
		}
		return due
	}
	before := map[string]string{"day_1": "2026-11-03", "day_60": "2027-01-01"}
	require.Equal(t, before, declare(2))

	entry, err := in.client().GetKeyMoment(in.hr(), &momentsv1.GetKeyMomentRequest{Code: "training"})
	require.NoError(t, err)
	change := &momentsv1.UpdateKeyMomentRequest{
		Code: "training", Version: entry.GetKeyMoment().GetVersion(), Texts: entry.GetTexts(),
		FollowUps: []*momentsv1.FollowUpRule{{Code: "day_1", OffsetDays: 2}, {Code: "day_60", OffsetDays: 60, Off: true}},
	}
	change.GetTexts()[0].Summary = "Une phrase de chez nous."
	made, err := in.client().UpdateKeyMoment(in.hr(), change)
	require.NoError(t, err)
	require.EqualValues(t, 1, made.GetVersion())
	_, err = in.client().UpdateKeyMoment(in.hr(), change)
	require.Equal(t, connect.CodeAborted, connect.CodeOf(err), "it was edited from a version that is not the last any more")

	require.Equal(t, before, declare(2), "what was planned stays")
	require.Equal(t, map[string]string{"day_1": "2026-11-04"}, declare(3))
	entry, err = in.client().GetKeyMoment(in.hr(), &momentsv1.GetKeyMomentRequest{Code: "training"})
	require.NoError(t, err)
	require.Equal(t, "Une phrase de chez nous.", entry.GetKeyMoment().GetSummary())
	require.Equal(t, "Formation", entry.GetKeyMoment().GetName())

	change.Version = 1
	change.FollowUps[0].OffsetDays = 900
	_, err = in.client().UpdateKeyMoment(in.hr(), change)
	require.Equal(t, "offset_day_1", rpc.Violations(err)[0].Field)
	_, err = in.client().UpdateKeyMoment(in.as(personID(1)), change)
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}
