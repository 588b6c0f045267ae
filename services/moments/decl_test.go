package moments_test

import (
	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/moment"
)

func (in *installation) declare(person string) string {
	res, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "visit", PersonId: person})
	require.NoError(in.t, err)
	return moment.InvitationID(res.GetMomentId(), "now")
}
