package moments_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

// hear publishes an event of interviews.
func (in *installation) hear(msg proto.Message) event.Event {
	in.t.Helper()
	ev, err := event.New(in.t.Context(), "interviews", "", in.clock.Now(), msg)
	require.NoError(in.t, err)
	in.publish(ev)
	return ev
}

// again tells the same news under another id, which the bus does not recognise.
func (in *installation) again(ev event.Event, n int) {
	in.t.Helper()
	ev.ID = personID(n)
	in.publish(ev)
}

// heldBy1 is a talk of person n with person 1, their manager.
func heldBy1(n int, kind, on string) *interviewsv1.HeldTalk {
	return &interviewsv1.HeldTalk{TalkId: personID(7000 + n), EmployeeId: personID(n), ManagerId: personID(1), HeldOn: on, Kind: kind}
}

func TestAHeldTalkIsAskedAboutTheDayAfterOnce(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	held := in.hear(&interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{heldBy1(2, "congratulation", "2026-11-02"), heldBy1(3, "ei2d", "2026-11-02")}})
	delicate := in.hear(&interviewsv1.DelicateTalksHeld{Talks: []*interviewsv1.HeldTalk{heldBy1(4, "reframing", "2026-11-02")}})
	in.settle()
	in.again(held, 8001)
	in.again(delicate, 8002)
	in.settle()
	_, err := in.client().DeclareMoment(in.as(personID(1)), &momentsv1.DeclareMomentRequest{KeyMoment: "congratulation", PersonId: personID(2)})
	require.NoError(t, err)

	in.moveTo("2026-11-03T09:00:00Z")
	require.Equal(t, map[string]int{personID(2) + " day_1": 1, personID(4) + " day_1": 1}, in.awaitInvitations(2))
	list := in.momentsOf(personID(3))
	require.Len(t, list, 1)
	require.Equal(t, "check_in", list[0].GetKeyMoment())
	require.Equal(t, "interview", list[0].GetCause())
}

func TestADelicateTalkIsSeenByTheManagerWhoHeldItAndCancelledByHRAlone(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	in.hear(&interviewsv1.DelicateTalksHeld{Talks: []*interviewsv1.HeldTalk{heldBy1(2, "reframing", "2026-11-02")}})
	in.settle()
	id := in.momentsOf(personID(2))[0].GetId()
	sees := func(manager string) int {
		list, err := in.client().ListMoments(in.as(manager), &momentsv1.ListMomentsRequest{PersonId: personID(2)})
		require.NoError(t, err)
		return len(list.GetMoments())
	}
	require.Equal(t, 1, sees(personID(1)))
	got, err := in.client().GetMoment(in.as(personID(1)), &momentsv1.GetMomentRequest{MomentId: id})
	require.NoError(t, err)
	require.False(t, got.GetMoment().GetCanCancel())
	_, err = in.client().CancelMoment(in.as(personID(1)), &momentsv1.CancelMomentRequest{MomentId: id, Reason: "Inutile."})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err), "whether the other one is asked is not the manager's to decide")

	changed := employee(2, "2019-05-01")
	changed.Version, changed.ManagerId = 2, personID(3)
	in.tell(&directoryv1.PeopleUpdated{People: []*directoryv1.Employee{changed}, AsOf: "2026-11-02"})
	in.settle()
	require.Equal(t, 1, sees(personID(3)), "the next manager sees their own arrival")
	_, err = in.client().GetMoment(in.as(personID(3)), &momentsv1.GetMomentRequest{MomentId: id})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))

	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		var opened momentsv1.MomentsOpened
		if ev.Type == typeOf(&opened) {
			require.NoError(t, ev.Decode(&opened))
			for _, m := range opened.GetMoments() {
				require.NotEqual(t, "reframing", m.GetKeyMoment(), "no event that may leave tells of it")
			}
		}
	}
}

func TestATalkThatIsContestedAfterItWasAskedAboutIsClosed(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	talk := heldBy1(2, "congratulation", "2026-11-02")
	in.hear(&interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{talk}})
	in.settle()
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(1)
	contested := in.hear(&interviewsv1.TalksContested{Talks: []*interviewsv1.HeldTalk{talk}})
	in.settle()
	in.again(contested, 8003)
	in.settle()

	got := in.momentsOf(personID(2))[0]
	require.Equal(t, momentsv1.MomentView_STATE_CANCELLED, got.GetState())
	require.Equal(t, "talk_contested", got.GetCancelReason())
	require.Equal(t, map[string]string{"day_1": "STATE_CANCELLED moment_cancelled"}, states(got))
	invitation := got.GetFollowUps()[0].GetInvitationId()
	require.Eventually(t, func() bool { return in.closed()[invitation] > 0 }, patience, intervalOfLooks)
	require.Equal(t, 1, in.closed()[invitation])
}

func TestATalkThatOvertakesItsPersonWaitsForTheNews(t *testing.T) {
	in := install(t, moments.Config{})
	in.hear(&interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{heldBy1(2, "congratulation", "2026-11-02")}})
	in.tell(&directoryv1.PeopleRegistered{People: employees(2, 1, "2019-05-01"), AsOf: "2026-11-02"})
	require.Eventually(t, func() bool { return len(in.momentsOf(personID(2))) == 1 }, patience, intervalOfLooks)
}

func (in *installation) interviews() identity.Actor {
	return identity.Actor{Roles: []identity.Role{identity.Service}, Service: "interviews"}
}
