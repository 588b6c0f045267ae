package apikey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/portal/internal/apikey"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

func newBook(t *testing.T) (*apikey.Book, *clock.Movable, *mongo.Database) {
	t.Helper()
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, []mongodb.Migration{apikey.Migration(1)}))
	clk := clock.NewFrozen(time.Date(2026, 11, 3, 23, 30, 0, 0, time.UTC))
	return apikey.NewBook(db, clk), clk, db
}

func TestAKeyIsFoundByWhatItsHolderSendsAndByNothingElse(t *testing.T) {
	book, _, _ := newBook(t)
	secret, made, err := book.Create(t.Context(), "applicants")
	require.NoError(t, err)
	other, _, err := book.Create(t.Context(), "training")
	require.NoError(t, err)
	require.NotEqual(t, secret, other)

	found, err := book.Find(t.Context(), secret)
	require.NoError(t, err)
	require.Equal(t, made.Name, found.Name)
	for name, wrong := range map[string]string{
		"nothing": "", "the prefix": apikey.Prefix, "its hash": made.Hash, "without its prefix": strings.TrimPrefix(secret, apikey.Prefix),
		"its beginning": secret[:len(secret)-1], "more than it": secret + "A", "as long as it": secret[:len(secret)-2] + "!!",
	} {
		_, err := book.Find(t.Context(), wrong)
		require.ErrorIs(t, err, apikey.ErrNone, name)
	}
}

func TestAKeyIsRecognisedByScannersAndNotKept(t *testing.T) {
	book, _, db := newBook(t)
	secret, _, err := book.Create(t.Context(), "applicants")
	require.NoError(t, err)
	require.Regexp(t, `^jalon_[A-Za-z0-9_-]{43}$`, secret)
	raw, err := db.Collection("api_keys").FindOne(t.Context(), bson.M{}).Raw()
	require.NoError(t, err)
	require.NotContains(t, raw.String(), strings.TrimPrefix(secret, apikey.Prefix))
}

func TestARevokedKeyOpensNothingAndItsNameServesNobodyElse(t *testing.T) {
	book, clk, _ := newBook(t)
	secret, _, err := book.Create(t.Context(), "applicants")
	require.NoError(t, err)
	revoked, err := book.Revoke(t.Context(), "applicants")
	require.NoError(t, err)
	_, err = book.Find(t.Context(), secret)
	require.ErrorIs(t, err, apikey.ErrNone)

	clk.Advance(time.Hour)
	again, err := book.Revoke(t.Context(), "applicants")
	require.NoError(t, err)
	require.Equal(t, revoked.RevokedAt, again.RevokedAt, "the first time counts")
	_, err = book.Revoke(t.Context(), "nobody")
	require.ErrorIs(t, err, apikey.ErrNone)
	_, _, err = book.Create(t.Context(), "applicants")
	require.ErrorIs(t, err, apikey.ErrTaken)
	all, err := book.All(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
}

func TestTheLastDayOfUseIsKept(t *testing.T) {
	book, clk, _ := newBook(t)
	secret, _, err := book.Create(t.Context(), "applicants")
	require.NoError(t, err)
	usedOn := func() string {
		all, err := book.All(t.Context())
		require.NoError(t, err)
		return all[0].UsedOn
	}
	require.Empty(t, usedOn())
	for _, day := range []string{"2026-11-03", "2026-11-04"} {
		for range 2 {
			_, err = book.Find(t.Context(), secret)
			require.NoError(t, err)
		}
		require.Equal(t, day, usedOn())
		clk.Advance(time.Hour)
	}
}
