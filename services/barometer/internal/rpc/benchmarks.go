package rpc

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/customers"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// ListBenchmarks returns the values from elsewhere.
func (h Customers) ListBenchmarks(ctx context.Context, req *barometerv1.ListBenchmarksRequest) (*barometerv1.ListBenchmarksResponse, error) {
	if err := allow(ctx, barometerv1connect.CustomersServiceListBenchmarksProcedure); err != nil {
		return nil, err
	}
	all, err := h.Benchmarks.List(ctx)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.ListBenchmarksResponse{Themes: themeNames(req.GetLanguage()), Questions: questionWords()}
	for _, b := range all {
		res.Benchmarks = append(res.Benchmarks, benchmarkView(b))
	}
	return res, nil
}

// SaveBenchmark writes a value, new or not.
func (h Customers) SaveBenchmark(ctx context.Context, req *barometerv1.SaveBenchmarkRequest) (*barometerv1.SaveBenchmarkResponse, error) {
	if err := allow(ctx, barometerv1connect.CustomersServiceSaveBenchmarkProcedure); err != nil {
		return nil, err
	}
	entered := req.GetBenchmark()
	value, err := customers.NewBenchmark(customers.Benchmark{
		Measure: entered.GetMeasure(), Source: entered.GetSource(), Value: entered.GetValue(), Year: int(entered.GetYear()), Note: entered.GetNote(),
	}, themeCodes(), h.Results.Clock.Now().Year())
	if field := new(customers.FieldError); errors.As(err, &field) {
		return nil, rpc.InvalidField(field.Field, "%s", field.Description)
	}
	if err != nil {
		return nil, err
	}
	b := mongostore.Benchmark{ID: entered.GetId(), Version: entered.GetVersion(), Benchmark: value}
	if b.ID == "" {
		b.ID, b.Version = uuid.NewString(), 1
		err = h.Benchmarks.Insert(ctx, b)
	} else {
		err = h.Benchmarks.Save(ctx, &b)
	}
	if err != nil {
		return nil, err
	}
	return &barometerv1.SaveBenchmarkResponse{Benchmark: benchmarkView(b)}, nil
}

// RemoveBenchmark forgets a value.
func (h Customers) RemoveBenchmark(ctx context.Context, req *barometerv1.RemoveBenchmarkRequest) (*barometerv1.RemoveBenchmarkResponse, error) {
	if err := allow(ctx, barometerv1connect.CustomersServiceRemoveBenchmarkProcedure); err != nil {
		return nil, err
	}
	if err := h.Benchmarks.Remove(ctx, req.GetId()); err != nil {
		return nil, err
	}
	return &barometerv1.RemoveBenchmarkResponse{}, nil
}

func themeCodes() (codes []string) {
	for _, t := range questionnaire.Standard().Themes {
		codes = append(codes, t.Code)
	}
	return codes
}

func themeNames(language string) (names []*barometerv1.ThemeName) {
	for _, t := range questionnaire.Standard().Themes {
		names = append(names, &barometerv1.ThemeName{Code: t.Code, Name: t.In(language)})
	}
	return names
}

func benchmarkView(b mongostore.Benchmark) *barometerv1.Benchmark {
	return &barometerv1.Benchmark{
		Id: b.ID, Version: b.Version, Measure: b.Measure, Source: b.Source, Value: b.Value, Year: int32(b.Year), Note: b.Note,
	}
}
