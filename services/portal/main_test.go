package portal_test

import (
	"testing"

	"jalon.dev/pkg/mongotest"
)

func TestMain(m *testing.M) { mongotest.Main(m, func() { closeBrowser() }) }
