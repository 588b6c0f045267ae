package agenda

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/metric"
)

// Observe publishes, as metrics, how many items are due and not settled, and by how much the first of them is late.
func (a *Agenda) Observe(meter metric.Meter) error {
	due, err := meter.Int64ObservableGauge("jalon.agenda.due",
		metric.WithDescription("Items that are due and not settled"))
	if err != nil {
		return fmt.Errorf("making the agenda metrics: %w", err)
	}
	late, err := meter.Float64ObservableGauge("jalon.agenda.lateness",
		metric.WithDescription("How long the item that waits longest has been due"), metric.WithUnit("s"))
	if err != nil {
		return fmt.Errorf("making the agenda metrics: %w", err)
	}
	_, err = meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		n, err := a.DueNow(ctx)
		if err != nil {
			return err
		}
		next, some, err := a.NextDue(ctx)
		if err != nil {
			return err
		}
		o.ObserveInt64(due, int64(n))
		o.ObserveFloat64(late, 0)
		if behind := a.clock.Now().Sub(next); some && behind > 0 {
			o.ObserveFloat64(late, behind.Seconds())
		}
		return nil
	}, due, late)
	if err != nil {
		return fmt.Errorf("registering the agenda metrics: %w", err)
	}
	return nil
}
