package mongodb

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

// LeaseDatabase is set by the outer tests: package mongotest imports this one, so tests inside cannot import it.
var LeaseDatabase func(t testing.TB) *mongo.Database
