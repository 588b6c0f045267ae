package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/service"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	"jalon.dev/services/barometer"
	"jalon.dev/services/jalon/internal/voter"
)

const (
	castVoters = 3200
	castStores = 25
)

func loneBarometer(ctx context.Context, now time.Time) (*lone, service.Parts, error) {
	var own service.Parts
	l, err := openLone(ctx, now, "barometer", func(parts service.Parts, near *rpc.InProcess) (service.Service, error) {
		own = parts
		neighbour := parts
		neighbour.Name = "directory"
		options, err := neighbour.HandlerOptions()
		if err != nil {
			return nil, err
		}
		mux := http.NewServeMux()
		mux.Handle(directoryv1connect.NewDirectoryServiceHandler(nobodyBefore{}, options...))
		near.Handle("directory", mux)
		if err := parts.Bus.EnsureStream(ctx, "directory"); err != nil {
			return nil, err
		}
		return barometer.New(parts, barometer.Config{Keys: "a master key that only this measurement seals with"})
	})
	return l, own, err
}

// ballotCast measures how many ballots a second are safe in the spool, from 64 clients who have their tokens, where so many people have
// voted before.
func ballotCast(ctx context.Context, before int) (_ figure, err error) {
	l, _, err := loneBarometer(ctx, noon)
	if err != nil {
		return figure{}, err
	}
	defer func() { err = errors.Join(err, l.end()) }()
	voters, err := l.electorate(ctx)
	if err != nil {
		return figure{}, err
	}
	if err := l.launch(ctx); err != nil {
		return figure{}, err
	}
	ballots := make([][]byte, len(voters))
	tokens := make([]voter.Token, len(voters))
	err = shared(ctx, len(voters), func(ctx context.Context, i int) error {
		token, err := voter.Take(ctx, l.peers, voters[i])
		if err != nil {
			return err
		}
		tokens[i] = token
		ballots[i], err = token.Ballot(append(bytesOf(45, 4), 9))
		return err
	})
	if err != nil {
		return figure{}, err
	}
	if err := l.castBefore(ctx, before); err != nil {
		return figure{}, err
	}
	began := time.Now()
	err = shared(ctx, len(ballots), func(ctx context.Context, i int) error {
		status, answer, err := l.peers.CastBallot(ctx, ballots[i])
		if err == nil && status != http.StatusNoContent {
			err = fmt.Errorf("a ballot got %d %s", status, answer)
		}
		return err
	})
	if err != nil {
		return figure{}, err
	}
	took := time.Since(began)
	stored, err := l.db.Collection("spool").CountDocuments(ctx, bson.D{})
	if err != nil {
		return figure{}, err
	}
	limit, err := l.rawCast(ctx, tokens)
	if err != nil {
		return figure{}, err
	}
	return figure{Name: "ballot_cast", Value: float64(len(ballots)) / took.Seconds(), Unit: "ballots/s", Detail: map[string]any{
		"clients": answerClients, "sent": len(ballots), "stored": stored - int64(before), "cells": castStores, "cast_before": before,
	}}.over(float64(len(ballots))/limit.Seconds(), "the same signatures checked from 64 goroutines, and after that the same documents inserted 64 at a time by two writers, journaled: official client"), nil
}

func bytesOf(n int, value byte) []byte {
	all := make([]byte, n)
	for i := range all {
		all[i] = value
	}
	return all
}

// shared calls do for each of n from 64 goroutines.
func shared(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(answerClients)
	for i := range n {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}

// electorate has directory tell of people in stores, and returns their ids.
func (l *lone) electorate(ctx context.Context) ([]string, error) {
	units := &directoryv1.UnitsChanged{Units: []*directoryv1.Unit{{Id: "company", Version: 1, Name: "Entreprise", Kind: "company"}}}
	for i := range castStores {
		units.Units = append(units.Units, &directoryv1.Unit{Id: fmt.Sprint("store-", i), Version: 1, Name: fmt.Sprint("Magasin ", i), Kind: "store", ParentId: "company"})
	}
	told := []proto.Message{units}
	var ids []string
	for from := 0; from < castVoters; from += rawBatch {
		hired := &directoryv1.PeopleHired{}
		for i := from; i < min(from+rawBatch, castVoters); i++ {
			store := fmt.Sprint("store-", i%castStores)
			id := event.ID("bench voter", fmt.Sprint(i))
			ids = append(ids, id)
			hired.People = append(hired.People, &directoryv1.Employee{
				Id: id, Version: 1, UnitId: store, UnitPath: []string{"company", store}, TimeZone: "Europe/Paris", HiredOn: "2020-01-06", Language: "fr",
			})
		}
		told = append(told, hired)
	}
	if err := l.hear(ctx, told...); err != nil {
		return nil, err
	}
	return ids, l.settle(ctx)
}

// launch opens an edition.
func (l *lone) launch(ctx context.Context) error {
	hr := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	today := l.clock.Now()
	saved, err := l.peers.Barometer().SaveEdition(hr, &barometerv1.SaveEditionRequest{
		Name: "bench", OpensOn: today.Format(time.DateOnly), ClosesOn: today.AddDate(0, 0, 20).Format(time.DateOnly),
	})
	if err != nil {
		return err
	}
	_, err = l.peers.Barometer().LaunchEdition(hr, &barometerv1.LaunchEditionRequest{EditionId: saved.GetEdition().GetId(), Version: saved.GetEdition().GetVersion()})
	if err != nil {
		return err
	}
	return l.settle(ctx)
}

// castBefore leaves what ballots leave that were released: the hashes of their tokens, by which none is cast twice.
func (l *lone) castBefore(ctx context.Context, n int) error {
	editionID, err := l.runningEdition(ctx)
	if err != nil {
		return err
	}
	for from := 0; from < n; from += rawBatch {
		var spent []any
		for i := from; i < min(from+rawBatch, n); i++ {
			hash := sha256.Sum256([]byte(strconv.Itoa(i)))
			spent = append(spent, bson.D{{Key: "_id", Value: hex.EncodeToString(hash[:])}, {Key: "edition", Value: editionID}})
		}
		if _, err := l.db.Collection("spool").InsertMany(ctx, spent, options.InsertMany().SetOrdered(false)); err != nil {
			return fmt.Errorf("leaving the hashes of %d tokens: %w", n, err)
		}
	}
	return nil
}

// rawCast is how long the least takes that casting needs.
func (l *lone) rawCast(ctx context.Context, tokens []voter.Token) (time.Duration, error) {
	var like bson.Raw
	if err := l.db.Collection("spool").FindOne(ctx, bson.D{{Key: "sealed", Value: bson.D{{Key: "$exists", Value: true}}}}).Decode(&like); err != nil {
		return 0, fmt.Errorf("reading a ballot that waits: %w", err)
	}
	var fields bson.D
	if err := bson.Unmarshal(like, &fields); err != nil {
		return 0, err
	}
	keys, err := l.cellKeys(ctx)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := shared(ctx, len(tokens), func(_ context.Context, i int) error { return tokens[i].Verify(keys) }); err != nil {
		return 0, err
	}
	took := time.Since(began)

	const together = 64
	var batches [][]any
	for from := 0; from < len(tokens); from += together {
		var batch []any
		for i := from; i < min(from+together, len(tokens)); i++ {
			doc := append(bson.D{{Key: "_id", Value: fmt.Sprintf("%064d", i)}}, fields[1:]...)
			batch = append(batch, doc)
		}
		batches = append(batches, batch)
	}
	next := make(chan []any, len(batches))
	for _, b := range batches {
		next <- b
	}
	close(next)
	began = time.Now()
	var failed error
	var once sync.Once
	var writing sync.WaitGroup
	for range 2 {
		writing.Go(func() {
			for batch := range next {
				if _, err := l.collection.InsertMany(ctx, batch, options.InsertMany().SetOrdered(false)); err != nil {
					once.Do(func() { failed = err })
				}
			}
		})
	}
	writing.Wait()
	return took + time.Since(began), failed
}

// cellKeys are the public keys of the running edition, by fingerprint.
func (l *lone) cellKeys(ctx context.Context) (map[string][]byte, error) {
	editionID, err := l.runningEdition(ctx)
	if err != nil {
		return nil, err
	}
	hr := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	listed, err := l.peers.Barometer().ListCellKeys(hr, &barometerv1.ListCellKeysRequest{EditionId: editionID})
	if err != nil {
		return nil, err
	}
	keys := map[string][]byte{}
	for _, k := range listed.GetKeys() {
		keys[k.GetFingerprint()] = k.GetPublicKey()
	}
	return keys, nil
}

func (l *lone) runningEdition(ctx context.Context) (string, error) {
	hr := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	editions, err := l.peers.Barometer().ListEditions(hr, &barometerv1.ListEditionsRequest{})
	if err != nil {
		return "", err
	}
	return editions.GetEditions()[0].GetId(), nil
}
