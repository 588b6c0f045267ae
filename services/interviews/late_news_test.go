package interviews_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/proto"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

func TestOldNewsOfAManagersLeaveMovesNothing(t *testing.T) {
	w := start(t, nil)
	boss := employee("")
	ada := employee(boss.GetId())
	ada.HiredOn = "2026-11-03"
	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{boss, ada}, AsOf: "2026-11-03"})
	planned := w.next(ada.GetId(), ada.GetId()).GetPlannedOn()

	away, back := proto.CloneOf(boss), proto.CloneOf(boss)
	away.Version, away.AwayFrom, away.AwayUntil = 2, planned, "2026-12-31"
	back.Version = 3
	w.publish(&directoryv1.PeopleOnLeave{People: []*directoryv1.Employee{away}, AsOf: "2026-11-03"})
	require.NotEqual(t, planned, w.next(ada.GetId(), ada.GetId()).GetPlannedOn())
	w.publish(&directoryv1.PeopleReturned{Returns: []*directoryv1.PeopleReturned_Return{{Person: back, ReturnedOn: "2026-11-03"}}, AsOf: "2026-11-03"})
	require.Equal(t, planned, w.next(ada.GetId(), ada.GetId()).GetPlannedOn())

	w.publish(&directoryv1.PeopleOnLeave{People: []*directoryv1.Employee{away}, AsOf: "2026-11-03"})
	require.Equal(t, planned, w.next(ada.GetId(), ada.GetId()).GetPlannedOn())
}

func TestWhatIsDecidedAfterAChangeOfManagerIsTheNewOnesToo(t *testing.T) {
	p := newPair(t)
	id := p.talk()
	p.held(p.manager, id, "2026-11-03")
	second := employee("")
	moved := employee(second.GetId())
	moved.Id, moved.Version, moved.HiredOn = p.employee, 2, "2026-10-06"
	p.publish(&directoryv1.PeopleUpdated{People: []*directoryv1.Employee{second, moved}, AsOf: "2026-11-03"})

	decision := &interviewsv1.SaveCommitmentRequest{
		TalkId: id, CommitmentId: uuid.NewString(), Kind: interviewsv1.Commitment_KIND_DECISION, Text: "Un mercredi sur deux", OwnerId: p.manager,
	}
	for range 2 {
		_, err := p.client.SaveCommitment(p.as(p.employee), decision)
		require.NoError(t, err, "a double click")
	}
	desk, err := p.client.GetDesk(p.as(second.GetId()), &interviewsv1.GetDeskRequest{})
	require.NoError(t, err)
	require.Len(t, desk.GetCommitments(), 1)
	require.True(t, desk.GetCommitments()[0].GetHandedOver())
}

func TestWhatIsOpenStaysWithTheNewManagerWhateverTheFormerOneHasStarted(t *testing.T) {
	p := newPair(t)
	_, err := p.client.SaveCommitment(p.as(p.manager), &interviewsv1.SaveCommitmentRequest{
		TalkId: p.talk(), CommitmentId: uuid.NewString(), Kind: interviewsv1.Commitment_KIND_DECISION, Text: "Former l'équipe", OwnerId: p.manager,
	})
	require.NoError(t, err)
	_, err = p.client.StartTalk(p.as(p.manager), &interviewsv1.StartTalkRequest{
		EmployeeId: p.employee, Kind: "congratulation", PlannedOn: "2026-11-20", StartsAt: "10:00", RequestId: uuid.NewString(),
	})
	require.NoError(t, err)
	second, third := employee(""), employee("")
	for version, manager := range []string{second.GetId(), p.manager, third.GetId(), third.GetId()} {
		moved := employee(manager)
		moved.Id, moved.Version, moved.HiredOn = p.employee, int64(2+version), "2026-10-06"
		p.publish(&directoryv1.PeopleUpdated{People: []*directoryv1.Employee{second, third, moved}, AsOf: "2026-11-03"})
		desk, err := p.client.GetDesk(p.as(manager), &interviewsv1.GetDeskRequest{})
		require.NoError(t, err)
		require.Len(t, desk.GetCommitments(), 1, "change %d", version)
	}
}

func TestEverybodyIsRemindedInTheirOwnTime(t *testing.T) {
	w := start(t, nil)
	boss := employee("")
	ada := employee(boss.GetId())
	ada.HiredOn, ada.TimeZone = "2026-11-03", "Pacific/Apia"
	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{boss, ada}, AsOf: "2026-11-03"})
	zones := map[string][]string{}
	for _, person := range []string{boss.GetId(), ada.GetId()} {
		var found []string
		require.NoError(t, w.parts.DB.Collection("agenda").Distinct(t.Context(), "local.zone",
			bson.D{{Key: "kind", Value: "reminder"}, {Key: "subject", Value: person}}).Decode(&found))
		zones[person] = found
	}
	require.Equal(t, map[string][]string{boss.GetId(): {"Europe/Paris"}, ada.GetId(): {"Pacific/Apia"}}, zones)
}

func TestATalkThatWasStartedIsCalledOffWhenTheEmployeeLeaves(t *testing.T) {
	p := newPair(t)
	for _, kind := range []string{"congratulation", "reframing"} {
		_, err := p.client.StartTalk(p.as(p.manager), &interviewsv1.StartTalkRequest{
			EmployeeId: p.employee, Kind: kind, PlannedOn: "2026-11-20", StartsAt: "10:00", RequestId: uuid.NewString(),
		})
		require.NoError(t, err)
	}
	left := employee(p.manager)
	left.Id, left.Version, left.HiredOn, left.LeftOn = p.employee, 2, "2026-10-06", "2026-11-13"
	p.publish(&directoryv1.PeopleLeft{People: []*directoryv1.Employee{left}, AsOf: "2026-11-03"})

	var open, delicate []string
	for _, msg := range heardOf[*interviewsv1.TalksCancelled](p.world) {
		for _, told := range msg.GetTalks() {
			open = append(open, told.GetKind())
		}
	}
	for _, msg := range heardOf[*interviewsv1.DelicateTalksCancelled](p.world) {
		for _, told := range msg.GetTalks() {
			delicate = append(delicate, told.GetKind())
		}
	}
	require.True(t, slices.Contains(open, "congratulation"))
	require.Equal(t, []string{"reframing"}, delicate)
	require.NotContains(t, open, "reframing")
}

func TestWhoeverMovesWhereItIsPastTenIsRemindedByTheClockThatTheyLeft(t *testing.T) {
	w := start(t, nil)
	boss := employee("")
	ada := employee(boss.GetId())
	ada.HiredOn, ada.TimeZone = "2026-10-06", "America/New_York"
	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{boss, ada}, AsOf: "2026-11-03"})
	w.clock.Set(at(time.November, 9, 12))
	w.settle()
	_, err := w.parts.Peers.Talks().StartTalk(w.as(boss.GetId()), &interviewsv1.StartTalkRequest{
		EmployeeId: ada.GetId(), Kind: "return", PlannedOn: "2026-11-12", StartsAt: "10:00", RequestId: uuid.NewString(),
	})
	require.NoError(t, err)

	w.clock.Set(at(time.November, 11, 10)) // eleven in Paris, five in New York
	w.settle()
	ada.Version, ada.TimeZone = 2, "Europe/Paris"
	w.publish(&directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{Person: ada}}, AsOf: "2026-11-11"})
	for _, told := range []struct {
		hour int
		want int32
	}{{14, 0}, {15, 1}, {20, 1}} {
		w.clock.Set(at(time.November, 11, told.hour))
		w.settle()
		require.Equal(t, told.want, w.reminded(ada.GetId())["tomorrow"], "at %d", told.hour)
	}
}
