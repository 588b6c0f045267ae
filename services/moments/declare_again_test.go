package moments_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

func TestWhatWasCalledOffCanBeDeclaredAgainOnTheSameDay(t *testing.T) {
	for name, whose := range map[string]*momentsv1.DeclareMomentRequest{
		"of a person": {KeyMoment: "training", PersonId: personID(2)},
		"of a team":   {KeyMoment: "success_celebrated", UnitId: "store-1"},
	} {
		t.Run(name, func(t *testing.T) {
			in := install(t, moments.Config{})
			in.store()
			declare := func(request string) *momentsv1.DeclareMomentResponse {
				whose.RequestId, whose.HappensOn = request, "2026-11-02"
				declared, err := in.client().DeclareMoment(in.hr(), whose)
				require.NoError(t, err)
				return declared
			}
			callOff := func(id string) {
				_, err := in.client().CancelMoment(in.hr(), &momentsv1.CancelMomentRequest{MomentId: id, Reason: "Par erreur."})
				require.NoError(t, err)
			}
			first := declare(requestID)
			callOff(first.GetMomentId())

			retried := declare(requestID)
			require.Equal(t, first.GetMomentId(), retried.GetMomentId(), "the same request opens nothing, whatever happened meanwhile")
			require.True(t, retried.GetAlreadyKnown())
			require.True(t, retried.GetCancelled())

			second := declare("22222222-2222-4222-8222-222222222222")
			require.NotEqual(t, first.GetMomentId(), second.GetMomentId())
			require.False(t, second.GetAlreadyKnown())
			again := declare("")
			require.Equal(t, second.GetMomentId(), again.GetMomentId(), "it is one moment, whoever declares it")
			require.True(t, again.GetAlreadyKnown())
			require.False(t, again.GetCancelled())

			callOff(second.GetMomentId())
			require.NotContains(t, []string{first.GetMomentId(), second.GetMomentId()}, declare("").GetMomentId())

			in.moveTo("2026-11-04T09:30:00Z")
			people := map[string]int{"training": 1, "success_celebrated": 4}[whose.GetKeyMoment()]
			require.Len(t, in.awaitInvitations(people), people, "what took its place is asked about, once")
		})
	}
}

func TestADateFarAwayIsRefused(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	for _, day := range []string{"1999-11-02", "2999-11-02", "2024-11-01"} {
		_, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "training", PersonId: personID(2), HappensOn: day})
		require.Len(t, rpc.Violations(err), 1, day)
		require.Equal(t, "happens_on", rpc.Violations(err)[0].Field)
		require.Contains(t, rpc.Violations(err)[0].Description, "two years")
	}
}
