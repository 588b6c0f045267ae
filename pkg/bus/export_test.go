package bus

import "time"

// Quick is a router that loses patience in no time.
func Quick() RouterOption {
	return func(r *Router) {
		r.timing.ackWait = 2 * time.Second
		r.timing.firstRetry = time.Millisecond
		r.timing.redeliverMin, r.timing.redeliverMax = 5*time.Millisecond, 20*time.Millisecond
		r.timing.maxDeliveries = 8
		r.timing.finishing = 3 * time.Second
	}
}
