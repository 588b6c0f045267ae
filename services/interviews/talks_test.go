package interviews_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/genproto/googleapis/rpc/errdetails"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// pair is an employee and the manager, and what each asks.
type pair struct {
	*world
	employee, manager string
	client            interviewsv1connect.TalksServiceClient
}

func newPair(t *testing.T) *pair {
	t.Helper()
	w := start(t, nil)
	boss := employee("")
	ada := employee(boss.GetId())
	ada.HiredOn = "2026-10-06"
	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{boss, ada}, AsOf: "2026-11-03"})
	return &pair{world: w, employee: ada.GetId(), manager: boss.GetId(), client: w.parts.Peers.Talks()}
}

// talk is the employee's next four-weekly talk.
func (p *pair) talk() string {
	p.t.Helper()
	return p.next(p.employee, p.employee).GetId()
}

func (p *pair) open(who, id string) *interviewsv1.GetTalkResponse {
	p.t.Helper()
	res, err := p.client.GetTalk(p.as(who), &interviewsv1.GetTalkRequest{TalkId: id})
	require.NoError(p.t, err)
	return res
}

func (p *pair) prepare(who, id string, version int64, points ...*interviewsv1.Point) int64 {
	p.t.Helper()
	res, err := p.client.SavePreparation(p.as(who), &interviewsv1.SavePreparationRequest{TalkId: id, Version: version, Points: points})
	require.NoError(p.t, err)
	return res.GetVersion()
}

func (p *pair) held(who, id, on string) *interviewsv1.SayHeldResponse {
	p.t.Helper()
	res, err := p.client.SayHeld(p.as(who), &interviewsv1.SayHeldRequest{TalkId: id, HeldOn: on})
	require.NoError(p.t, err)
	return res
}

func point(id string, kind interviewsv1.Point_Kind, text string) *interviewsv1.Point {
	return &interviewsv1.Point{Id: id, Kind: kind, Text: text}
}

func reason(err error) string {
	ce, ok := err.(*connect.Error) //nolint:errorlint // as the client returns it
	if !ok {
		return ""
	}
	for _, detail := range ce.Details() {
		if value, err := detail.Value(); err == nil {
			if info, ok := value.(*errdetails.ErrorInfo); ok {
				return info.GetReason()
			}
		}
	}
	return ""
}

func TestTheWholeLoop(t *testing.T) {
	p := newPair(t)
	first := p.talk()
	require.Equal(t, "2026-12-01", p.next(p.employee, p.employee).GetPlannedOn())

	version := p.prepare(p.employee, first, 0,
		point("1", interviewsv1.Point_KIND_PLEASURE, "La nouvelle vitrine"),
		point("2", interviewsv1.Point_KIND_EXPECTATION, "Connaître les horaires plus tôt"))
	require.Nil(t, p.open(p.manager, first).GetTheirs(), "before it is shared, the manager sees nothing")
	_, err := p.client.SharePreparation(p.as(p.employee), &interviewsv1.SharePreparationRequest{TalkId: first})
	require.NoError(t, err)
	theirs := p.open(p.manager, first)
	require.Len(t, theirs.GetTheirs().GetPoints(), 2)
	require.True(t, theirs.GetAppointment().GetOtherShared())
	require.Len(t, theirs.GetCommitments(), 1, "the expectation is a request")
	request := theirs.GetCommitments()[0]
	require.Equal(t, interviewsv1.Commitment_KIND_REQUEST, request.GetKind())

	// What is added after sharing is seen, too.
	p.prepare(p.employee, first, version+1, append(theirs.GetTheirs().GetPoints(), point("3", interviewsv1.Point_KIND_DISPLEASURE, "La réserve"))...)
	require.Len(t, p.open(p.manager, first).GetTheirs().GetPoints(), 3)
	require.Len(t, p.open(p.manager, first).GetCommitments(), 1, "asked once")

	_, err = p.client.PromiseRequest(p.as(p.manager), &interviewsv1.PromiseRequestRequest{
		CommitmentId: request.GetId(), DueOn: "2026-12-08", Answer: "Chaque jeudi", Version: request.GetVersion(),
	})
	require.NoError(t, err)
	p.clock.Set(time.Date(2026, time.December, 1, 10, 30, 0, 0, time.UTC))
	_, err = p.client.SaveNotes(p.as(p.employee), &interviewsv1.SaveNotesRequest{TalkId: first, Shared: true, Text: "Nous avons parlé de la vitrine."})
	require.NoError(t, err)
	_, err = p.client.SaveNotes(p.as(p.manager), &interviewsv1.SaveNotesRequest{TalkId: first, Text: "Penser à la remercier."})
	require.NoError(t, err)
	decision := uuid.NewString()
	for range 2 { // a double click
		_, err = p.client.SaveCommitment(p.as(p.manager), &interviewsv1.SaveCommitmentRequest{
			TalkId: first, CommitmentId: decision, Kind: interviewsv1.Commitment_KIND_DECISION, Text: "Refaire la réserve", OwnerId: p.employee, DueOn: "2026-12-20",
		})
		require.NoError(t, err)
	}
	next := p.held(p.manager, first, "2026-12-01").GetNext()
	require.Equal(t, "2026-12-29", next.GetPlannedOn(), "28 days after it was held")
	require.Equal(t, next.GetId(), p.held(p.manager, first, "2026-12-01").GetNext().GetId(), "said twice, it is planned once")
	p.settle()
	require.Len(t, heardOf[*interviewsv1.TalksHeld](p.world), 1)
	require.True(t, p.open(p.employee, first).GetAppointment().GetToConfirm())
	_, err = p.client.AnswerHeld(p.as(p.employee), &interviewsv1.AnswerHeldRequest{TalkId: first, Confirm: true})
	require.NoError(t, err)

	opening := p.open(p.employee, next.GetId())
	require.Len(t, opening.GetEarlier(), 2, "the next talk opens on the decision and the request")
	require.Empty(t, opening.GetCommitments())
	require.Empty(t, opening.GetSharedNotes().GetText())
	for _, c := range opening.GetEarlier() {
		_, err = p.client.SettleCommitment(p.as(p.employee), &interviewsv1.SettleCommitmentRequest{
			CommitmentId: c.GetId(), State: interviewsv1.Commitment_STATE_DONE, Outcome: "C'est fait", Version: c.GetVersion(),
		})
		require.NoError(t, err)
	}
	require.Len(t, p.open(p.manager, next.GetId()).GetEarlier(), 2, "what became of them stays in sight")

	mine, err := p.client.ListMyTalks(p.as(p.employee), &interviewsv1.ListMyTalksRequest{})
	require.NoError(t, err)
	require.Len(t, mine.GetPlanned(), 1)
	require.Len(t, mine.GetHeld(), 1)
	require.Equal(t, interviewsv1.Appointment_STATE_CONFIRMED, mine.GetHeld()[0].GetState())
	desk, err := p.client.GetDesk(p.as(p.manager), &interviewsv1.GetDeskRequest{})
	require.NoError(t, err)
	require.Len(t, desk.GetPlanned(), 1)
	require.Len(t, desk.GetHeld(), 1)

	export, err := p.client.ExportTalks(p.as(p.employee), &interviewsv1.ExportTalksRequest{})
	require.NoError(t, err)
	var texts []string
	for _, one := range export.GetTalks() {
		for _, text := range one.GetTexts() {
			texts = append(texts, text.GetText())
		}
	}
	require.Contains(t, texts, "Penser à la remercier.", "what the manager noted about a person is that person's to read")
	require.Len(t, export.GetCommitments(), 2)

	p.clock.Advance(8 * 24 * time.Hour)
	require.True(t, p.open(p.employee, first).GetClosed())
	_, err = p.client.SaveNotes(p.as(p.employee), &interviewsv1.SaveNotesRequest{TalkId: first, Shared: true, Text: "x", Version: 1})
	require.Equal(t, "closed", reason(err), "%v", err)
}

func TestTwoPeopleWritingTheSameLoseNothing(t *testing.T) {
	p := newPair(t)
	id := p.talk()
	write := func(who string, version int64, text string) error {
		_, err := p.client.SaveNotes(p.as(who), &interviewsv1.SaveNotesRequest{TalkId: id, Shared: true, Text: text, Version: version})
		return err
	}
	require.NoError(t, write(p.employee, 0, "un"))
	err := write(p.manager, 0, "deux")
	require.True(t, rpc.Is(err, connect.CodeAborted), "%v", err)
	require.Equal(t, "un", p.open(p.manager, id).GetSharedNotes().GetText())
	require.NoError(t, write(p.manager, 1, "un et deux"))

	var wait sync.WaitGroup
	won := make(chan string, 8)
	for i := range 8 {
		wait.Go(func() {
			if write([]string{p.employee, p.manager}[i%2], 2, "à la fois") == nil {
				won <- "one"
			}
		})
	}
	wait.Wait()
	require.Len(t, won, 1)
}

func TestAContestedTalkIsHeldAgainSoon(t *testing.T) {
	p := newPair(t)
	first := p.talk()
	p.prepare(p.employee, first, 0, point("1", interviewsv1.Point_KIND_PLEASURE, "La vitrine"))
	p.clock.Set(time.Date(2026, time.December, 2, 9, 0, 0, 0, time.UTC))
	next := p.held(p.manager, first, "2026-12-01").GetNext()
	p.settle()

	_, err := p.client.AnswerHeld(p.as(p.manager), &interviewsv1.AnswerHeldRequest{TalkId: first})
	require.Equal(t, "own_word", reason(err))
	for range 2 {
		_, err = p.client.AnswerHeld(p.as(p.employee), &interviewsv1.AnswerHeldRequest{TalkId: first})
		require.NoError(t, err)
	}
	p.settle()
	again := p.next(p.employee, p.employee)
	require.Equal(t, next.GetId(), again.GetId())
	require.Equal(t, "2026-12-04", again.GetPlannedOn(), "as soon as two days' notice allow")
	require.Greater(t, again.GetSequence(), next.GetSequence())
	require.Len(t, p.open(p.employee, again.GetId()).GetMine().GetPoints(), 1, "what was prepared is not lost")
	require.Len(t, heardOf[*interviewsv1.TalksContested](p.world), 1)
}

func TestANewManagerTakesOverWhatIsOpenAndNoNotes(t *testing.T) {
	p := newPair(t)
	id := p.talk()
	p.prepare(p.employee, id, 0, point("1", interviewsv1.Point_KIND_DISPLEASURE, "Le planning"))
	_, err := p.client.SharePreparation(p.as(p.employee), &interviewsv1.SharePreparationRequest{TalkId: id})
	require.NoError(t, err)
	_, err = p.client.SaveNotes(p.as(p.manager), &interviewsv1.SaveNotesRequest{TalkId: id, Shared: true, Text: "entre nous"})
	require.NoError(t, err)
	_, err = p.client.SaveCommitment(p.as(p.manager), &interviewsv1.SaveCommitmentRequest{
		TalkId: id, CommitmentId: uuid.NewString(), Kind: interviewsv1.Commitment_KIND_SKILL, Text: "Vente assise", OwnerId: p.manager,
	})
	require.NoError(t, err)

	second := employee("")
	moved := employee(second.GetId())
	moved.Id, moved.Version, moved.HiredOn = p.employee, 2, "2026-10-06"
	p.publish(&directoryv1.PeopleUpdated{People: []*directoryv1.Employee{second, moved}, AsOf: "2026-11-03"})

	theirs := p.open(second.GetId(), id)
	require.Nil(t, theirs.GetTheirs())
	require.Empty(t, theirs.GetSharedNotes().GetText())
	require.Len(t, theirs.GetCommitments(), 1)
	require.True(t, theirs.GetCommitments()[0].GetHandedOver())
	require.Equal(t, second.GetId(), theirs.GetCommitments()[0].GetOwnerId())
	require.Len(t, p.open(p.employee, id).GetMine().GetPoints(), 1, "the employee's own stays")
	_, err = p.client.GetTalk(p.as(p.manager), &interviewsv1.GetTalkRequest{TalkId: id})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "whoever was the manager reads nothing any more: %v", err)
}

func TestADateIsProposedAndAgreed(t *testing.T) {
	p := newPair(t)
	id := p.talk()
	ask := &interviewsv1.ProposeDateRequest{TalkId: id, PlannedOn: "2026-12-03", StartsAt: "14:00"}
	res, err := p.client.ProposeDate(p.as(p.employee), ask)
	require.NoError(t, err)
	p.settle()
	asked := heardOf[*interviewsv1.RemindersRequested](p.world)
	require.Len(t, asked, 1)
	require.Equal(t, "proposal", asked[0].GetReminders()[0].GetAbout())
	require.Equal(t, p.manager, asked[0].GetReminders()[0].GetPersonId())

	_, err = p.client.AnswerProposal(p.as(p.manager), &interviewsv1.AnswerProposalRequest{TalkId: id, Accept: true, Proposal: res.GetAppointment().GetProposal()})
	require.NoError(t, err)
	p.settle()
	next := p.next(p.employee, p.employee)
	require.Equal(t, "2026-12-03", next.GetPlannedOn())
	require.Equal(t, "14:00", next.GetStartsAt())
	require.EqualValues(t, 1, next.GetSequence())
	require.Len(t, heardOf[*interviewsv1.RemindersClosed](p.world), 1, "the question is answered")
	require.Equal(t, "2026-12-03", p.told()[len(p.told())-1].GetPlannedOn())

	_, err = p.client.ProposeDate(p.as(p.manager), ask)
	require.True(t, rpc.Is(err, connect.CodeAborted), "a calendar that is behind: %v", err)
	ask.Sequence, ask.PlannedOn = 1, "2026-11-02"
	_, err = p.client.ProposeDate(p.as(p.manager), ask)
	require.Equal(t, "past", reason(err))
	ask.PlannedOn = "2026-02-31"
	_, err = p.client.ProposeDate(p.as(p.manager), ask)
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument), "%v", err)
}

func TestAManagerStartsOtherTalksWithReportsOnly(t *testing.T) {
	p := newPair(t)
	start := func(who, kind, employee, request string) (string, error) {
		res, err := p.client.StartTalk(p.as(who), &interviewsv1.StartTalkRequest{
			EmployeeId: employee, Kind: kind, PlannedOn: "2026-11-05", StartsAt: "11:00", RequestId: request,
		})
		return res.GetTalkId(), err
	}
	request := uuid.NewString()
	id, err := start(p.manager, "reframing", p.employee, request)
	require.NoError(t, err)
	again, err := start(p.manager, "reframing", p.employee, request)
	require.NoError(t, err)
	require.Equal(t, id, again, "a double click")
	p.settle()
	require.Len(t, heardOf[*interviewsv1.DelicateTalksPlanned](p.world), 1)
	_, err = start(p.employee, "congratulation", p.manager, uuid.NewString())
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
	_, err = start(p.manager, "ei2d", p.employee, uuid.NewString())
	require.Equal(t, "not_startable", reason(err))
	_, err = start(p.manager, "chat", p.employee, uuid.NewString())
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument), "%v", err)

	p.clock.Set(time.Date(2026, time.November, 5, 15, 0, 0, 0, time.UTC))
	p.held(p.manager, id, "2026-11-05")
	congratulation, err := p.client.StartTalk(p.as(p.manager), &interviewsv1.StartTalkRequest{
		EmployeeId: p.employee, Kind: "congratulation", PlannedOn: "2026-11-06", StartsAt: "09:00", RequestId: uuid.NewString(),
	})
	require.NoError(t, err)
	p.settle()
	require.Empty(t, heardOf[*interviewsv1.TalksHeld](p.world), "a reframing is told of by no event that leaves Jalon")
	require.Len(t, heardOf[*interviewsv1.DelicateTalksHeld](p.world), 1)
	desk, err := p.client.GetDesk(p.as(p.manager), &interviewsv1.GetDeskRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 1, desk.GetRatio().GetReframings())
	require.Zero(t, desk.GetRatio().GetCongratulations())
	_, err = p.client.CancelTalk(p.as(p.employee), &interviewsv1.CancelTalkRequest{TalkId: congratulation.GetTalkId()})
	require.Error(t, err)
	_, err = p.client.CancelTalk(p.as(p.manager), &interviewsv1.CancelTalkRequest{TalkId: congratulation.GetTalkId()})
	require.NoError(t, err)
	p.settle()
	require.Len(t, heardOf[*interviewsv1.TalksCancelled](p.world), 1)
}

// Whatever the role, what is said in a talk is for its two people.
func TestNobodyElseReadsOrWritesATalk(t *testing.T) {
	p := newPair(t)
	id := p.talk()
	p.prepare(p.employee, id, 0, point("1", interviewsv1.Point_KIND_EXPECTATION, "x"))
	_, err := p.client.SharePreparation(p.as(p.employee), &interviewsv1.SharePreparationRequest{TalkId: id})
	require.NoError(t, err)
	commitment := p.open(p.employee, id).GetCommitments()[0].GetId()
	colleague := employee(p.manager)
	p.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{colleague}})

	unit := identity.Grant{Role: identity.LocalHR, Unit: "company"}
	director := identity.Grant{Role: identity.Director, Unit: "store"}
	for name, actor := range map[string]identity.Actor{
		"nobody":            {},
		"a colleague":       {PersonID: colleague.GetId()},
		"HR":                {PersonID: uuid.NewString(), Roles: []identity.Role{identity.HR}},
		"HR without person": {Roles: []identity.Role{identity.HR}},
		"HR of the region":  {PersonID: uuid.NewString(), Grants: []identity.Grant{unit}},
		"the director":      {PersonID: uuid.NewString(), Grants: []identity.Grant{director}},
		"the operator":      {Roles: []identity.Role{identity.Operator}},
		"a service":         {Roles: []identity.Role{identity.Service}, Service: "moments"},
		"the boss's boss":   {PersonID: uuid.NewString(), Roles: []identity.Role{identity.HR, identity.Operator, identity.Service}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := identity.NewContext(t.Context(), actor)
			for procedure, call := range map[string]func(context.Context) error{
				"GetTalk": func(ctx context.Context) error {
					_, err := p.client.GetTalk(ctx, &interviewsv1.GetTalkRequest{TalkId: id})
					return err
				},
				"SavePreparation": func(ctx context.Context) error {
					_, err := p.client.SavePreparation(ctx, &interviewsv1.SavePreparationRequest{TalkId: id})
					return err
				},
				"SaveNotes": func(ctx context.Context) error {
					_, err := p.client.SaveNotes(ctx, &interviewsv1.SaveNotesRequest{TalkId: id, Shared: true, Text: "x"})
					return err
				},
				"ProposeDate": func(ctx context.Context) error {
					_, err := p.client.ProposeDate(ctx, &interviewsv1.ProposeDateRequest{TalkId: id, PlannedOn: "2026-12-04", StartsAt: "10:00"})
					return err
				},
				"SayHeld": func(ctx context.Context) error {
					_, err := p.client.SayHeld(ctx, &interviewsv1.SayHeldRequest{TalkId: id, HeldOn: "2026-11-03"})
					return err
				},
				"SettleCommitment": func(ctx context.Context) error {
					_, err := p.client.SettleCommitment(ctx, &interviewsv1.SettleCommitmentRequest{CommitmentId: commitment, State: interviewsv1.Commitment_STATE_DONE, Version: 1})
					return err
				},
				"PromiseRequest": func(ctx context.Context) error {
					_, err := p.client.PromiseRequest(ctx, &interviewsv1.PromiseRequestRequest{CommitmentId: commitment, Version: 1})
					return err
				},
			} {
				err := call(ctx)
				require.True(t, rpc.Is(err, connect.CodePermissionDenied) || rpc.Is(err, connect.CodeUnauthenticated), "%s: %v", procedure, err)
			}
			export, err := p.client.ExportTalks(ctx, &interviewsv1.ExportTalksRequest{})
			if err == nil {
				for _, exported := range export.GetTalks() {
					require.NotEqual(t, p.employee, exported.GetAppointment().GetTalk().GetEmployeeId())
				}
			}
		})
	}
}

func TestWhatIsNotedOfACandidateGoesByItself(t *testing.T) {
	p := newPair(t)
	started, err := p.client.StartTalk(p.as(p.manager), &interviewsv1.StartTalkRequest{
		Kind: "recruitment", PlannedOn: "2026-11-05", StartsAt: "11:00", RequestId: uuid.NewString(),
	})
	require.NoError(t, err)
	_, err = p.client.SaveNotes(p.as(p.manager), &interviewsv1.SaveNotesRequest{TalkId: started.GetTalkId(), Text: "Motivée"})
	require.NoError(t, err)
	p.advance(150 * 24 * time.Hour)
	require.Equal(t, "Motivée", p.open(p.manager, started.GetTalkId()).GetOwnNotes().GetText())
	p.advance(40 * 24 * time.Hour)
	_, err = p.client.GetTalk(p.as(p.manager), &interviewsv1.GetTalkRequest{TalkId: started.GetTalkId()})
	require.True(t, rpc.Is(err, connect.CodeNotFound), "%v", err)
}
