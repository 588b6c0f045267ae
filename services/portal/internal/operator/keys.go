package operator

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"

	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/services/portal/internal/apikey"
	"jalon.dev/services/portal/internal/audit"
)

// CreateApiKey makes a key for an outside system.
func (s *Server) CreateApiKey(ctx context.Context, req *portalv1.CreateApiKeyRequest) (*portalv1.CreateApiKeyResponse, error) {
	audit.About(ctx, apikey.ID(req.GetName()))
	secret, key, err := s.keys.Create(ctx, req.GetName())
	if errors.Is(err, apikey.ErrTaken) {
		return nil, connect.NewError(connect.CodeAlreadyExists, err)
	}
	if err != nil {
		return nil, err
	}
	return &portalv1.CreateApiKeyResponse{Key: keyView(key), Secret: secret}, nil
}

// ListApiKeys returns every key that was made.
func (s *Server) ListApiKeys(ctx context.Context, _ *portalv1.ListApiKeysRequest) (*portalv1.ListApiKeysResponse, error) {
	all, err := s.keys.All(ctx)
	if err != nil {
		return nil, err
	}
	res := &portalv1.ListApiKeysResponse{}
	for _, key := range all {
		res.Keys = append(res.Keys, keyView(key))
	}
	return res, nil
}

// RevokeApiKey ends a key.
func (s *Server) RevokeApiKey(ctx context.Context, req *portalv1.RevokeApiKeyRequest) (*portalv1.RevokeApiKeyResponse, error) {
	audit.About(ctx, apikey.ID(req.GetName()))
	key, err := s.keys.Revoke(ctx, req.GetName())
	if errors.Is(err, apikey.ErrNone) {
		return nil, connect.NewError(connect.CodeNotFound, err)
	}
	if err != nil {
		return nil, err
	}
	return &portalv1.RevokeApiKeyResponse{Key: keyView(key)}, nil
}

func keyView(k apikey.Key) *portalv1.ApiKey {
	view := &portalv1.ApiKey{Name: k.Name, CreatedAt: k.CreatedAt.Format(time.RFC3339), UsedOn: k.UsedOn}
	if !k.RevokedAt.IsZero() {
		view.RevokedAt = k.RevokedAt.Format(time.RFC3339)
	}
	return view
}
