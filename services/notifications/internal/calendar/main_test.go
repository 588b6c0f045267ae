package calendar_test

import (
	"testing"
	"time"

	"jalon.dev/pkg/mongotest"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// tuesday is 3 November 2026, 10:00 in Paris.
var tuesday = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
