// Package reactions says who reacts to which event. The catalogue publishes it, and a test holds it against the durable
// consumers that the running services really have.
package reactions

// reactions maps an event type to the durables that consume it, each named <service>-<what it does>.
var reactions = map[string][]string{}

// To returns the durables that consume the event type.
func To(eventType string) []string { return reactions[eventType] }

// Types returns how many durables each event type should have.
func Types() map[string][]string { return reactions }
