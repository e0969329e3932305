using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

public sealed partial class EngineServer
{
    /// <inheritdoc/>
    public LinkDecision Decide(UpgradeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.Path.AsSpan().TrimEnd('/').SequenceEqual(_path))
        {
            return LinkDecision.NotOurs;
        }

        var transport = RequestQuery.Find(request.Query, "transport");
        if (transport != "websocket" || (_options.Transports & EngineTransports.WebSocket) == 0)
        {
            return Refuse(EngineErrors.UnknownTransport);
        }

        if (RequestQuery.Find(request.Query, "EIO") != "4")
        {
            return Refuse(EngineErrors.UnsupportedVersion);
        }

        if (_options.Origins?.Allows(request.Header("Origin"), request.Header("Host")) == false)
        {
            return Refuse(EngineErrors.Forbidden);
        }

        if (RequestQuery.Find(request.Query, "sid") is not { Length: > 0 } sid)
        {
            var handshake = EngineHandshake.Create(
                request.Query, request.Address, EngineTransports.WebSocket, _options.KeepHeaders, request.Header);
            return Admit(handshake) is { } error ? Refuse(error) : Accept(new SessionLink(this, handshake));
        }

        return _sessions.TryGetValue(sid, out var session)
            ? Accept(new UpgradeLink(_options.AllowUpgrades ? session : null))
            : Refuse(EngineErrors.UnknownSession);
    }

    private EngineError? Admit(EngineHandshake handshake)
    {
        if (_closed || Count >= _options.MaxConnections)
        {
            return EngineErrors.TooMany with { RetryAfterSeconds = _options.RetryAfterSeconds };
        }

        return _options.Admit?.Invoke(handshake) is { } refusal ? EngineError.Of(refusal) : null;
    }

    private LinkDecision Accept(ILinkHandler handler) => new() { Handler = handler, Options = LinkOptions };

    private LinkDecision Refuse(EngineError error)
    {
        Metrics.OnRefused(error.Code);
        return new LinkDecision { Status = error.Status, Body = error.Body, RetryAfterSeconds = error.RetryAfterSeconds };
    }
}
