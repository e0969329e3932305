using System.Net;
using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Fanout;
using Pipeline.Gateway.Http;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>Whom a handshake lets in: origin, limits and token, whatever is spoken behind it, over a WebSocket or by polling.</summary>
internal sealed class GatewayGate(
    OriginPolicy origins, TokenGuard tokens, AddressLimiter limiter, PipelineMetrics metrics, TimeProvider time) : ILinkGate, IPollingGate
{
    private const string PollingProtocol = "polling";
    private const int ClosedNormally = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan ClosedWait = TimeSpan.FromSeconds(1);

    private long _lastMessage;

    /// <summary>Name and text of why nobody is let in for the time being; null = somebody is.</summary>
    public Func<(string Reason, string Text)?> Closed { get; init; } = () => null;

    /// <summary>Where WebSockets are opened.</summary>
    public IReadOnlyList<LinkEntrance> Entrances { get; set; } = [];

    /// <summary>When a client last sent something, as <see cref="TimeProvider.GetUtcNow"/> in ticks; 0 before the first time.</summary>
    public long LastMessage => Volatile.Read(ref _lastMessage);

    public LinkDecision Decide(UpgradeRequest request)
    {
        var entrance = Entrances.FirstOrDefault(one => one.Path == request.Path);
        if (entrance is null)
        {
            return LinkDecision.NotOurs;
        }

        // The origin after what is the gateway's own affair, and before anything is counted for the address.
        if (WhyClosed() is { } closed)
        {
            return Refuse(closed);
        }

        if (!origins.Allows(request.Header("Origin"), request.Header("Host")))
        {
            return Refuse(new Refusal(403, "origin", "Pages of this origin are not let in: see gateway.origins."));
        }

        return Count(request.Address) is { } refusal ? Refuse(refusal) : DecideCounted(entrance, request);
    }

    public Refusal? Enter(IPAddress address)
    {
        var refusal = WhyClosed() ?? Count(address);
        if (refusal is null)
        {
            metrics.GatewayClientConnected(PollingProtocol);
        }
        else
        {
            metrics.GatewayRefused(refusal.Reason);
        }

        return refusal;
    }

    public void Leave(IPAddress address)
    {
        limiter.Leave(address);
        metrics.GatewayClientDisconnected(PollingProtocol, ClosedNormally);
    }

    private LinkDecision DecideCounted(LinkEntrance entrance, UpgradeRequest request)
    {
        LinkDecision? decision = null;
        try
        {
            var token = tokens.Check(BearerToken.OfHandshake(request.Header, request.Query));
            if (!token.IsGood && !(token.Fault == TokenFault.Missing && entrance.TokenMayFollow))
            {
                return Refuse(new Refusal(401, "token", null));
            }

            decision = entrance.Decide(request, new SessionInfo(request.Address, token.Subject, token.Expires));
            return decision.Handler is { } handler ? decision with { Handler = Watch(handler, entrance.Protocol, request.Address) } : decision;
        }
        finally
        {
            // Whoever has a handler leaves when its link ends, and that it does.
            if (decision?.Handler is null)
            {
                limiter.Leave(request.Address);
            }
        }
    }

    private WatchedClient Watch(ILinkHandler handler, string protocol, IPAddress address) =>
        new(handler, protocol, address, limiter, metrics, () => Volatile.Write(ref _lastMessage, time.GetUtcNow().Ticks));

    private Refusal? WhyClosed() => Closed() is var (reason, text) ? new Refusal(503, reason, text, ClosedWait) : null;

    /// <summary>Null when the address is admitted, and counts.</summary>
    private Refusal? Count(IPAddress address) => limiter.TryEnter(address, out var wait) switch
    {
        Admission.Admitted => null,
        Admission.Full => new Refusal(503, "full", "As many clients are connected as may be.", wait),
        Admission.TooManyOpen => new Refusal(429, "address", "As many clients of this address are connected as may be.", wait),
        Admission.TooFast => new Refusal(429, "rate", "This address connects too often.", wait),
        _ => new Refusal(429, "penalty", "A client of this address was cut for what it sent.", wait),
    };

    private LinkDecision Refuse(Refusal refusal)
    {
        metrics.GatewayRefused(refusal.Reason);
        var error = ApiError.Of(refusal.Status, refusal.Text, (long)Math.Ceiling(refusal.RetryAfter.TotalMilliseconds));
        return new LinkDecision
        {
            Status = refusal.Status,
            Body = JsonSerializer.Serialize(error, Json),
            RetryAfterSeconds = refusal.RetryAfterSeconds,
        };
    }
}
