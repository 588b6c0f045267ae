package main

import (
	"context"
	"runtime"
	"time"

	"jalon.dev/services/notifications"
)

// gatePeople is how many people are decided on in one run; all their inboxes are in memory.
const gatePeople = 20_000

// gateDecisions is how many messages the gate decides on in a second, on one core, with five messages of history per
// person: the decision and the change of the inbox, without reading or saving it.
func gateDecisions(context.Context) ([]figure, error) {
	trial, err := notifications.NewGateTrial(notifications.DefaultRules(), gatePeople)
	if err != nil {
		return nil, err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	let := trial.Decide()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return []figure{{
		Name: "gate_decisions", Value: gatePeople / took.Seconds(), Unit: "decisions/s",
		Detail: map[string]any{
			"people": gatePeople, "history": 5, "let_through": let, "cores": 1,
			"allocated_bytes_per_decision": (after.TotalAlloc - before.TotalAlloc) / gatePeople,
			"inbox_bytes_per_person":       before.HeapAlloc / gatePeople,
			"heap_mib":                     after.HeapAlloc >> 20,
		},
	}}, nil
}
