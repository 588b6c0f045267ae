package mail

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkWritingAMail is the part of a mail's cost that is neither the database's nor the mail server's.
func BenchmarkWritingAMail(b *testing.B) {
	w, err := newWriter("Jalon <jalon@example.com>", links{home: "https://jalon.example.com", key: []byte("a key for tests")})
	require.NoError(b, err)
	l := letter{
		ID: "5f0c7d8e-0000-5000-8000-000000000001", PersonID: "5f0c7d8e-0000-4000-8000-000000000003",
		GivenName: "Léa", FamilyName: "Moreau", Email: "lea@example.com", Lang: "fr", At: time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC),
		matter: matter{form: questions, link: "https://jalon.example.com/survey/5f0c7d8e-0000-5000-8000-000000000002"},
	}
	b.ReportAllocs()
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		_, err := w.write(&out, l)
		require.NoError(b, err)
	}
}
