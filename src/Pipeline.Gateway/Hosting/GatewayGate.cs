using System.Net;
using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Fanout;
using Pipeline.Gateway.Http;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>Whom a WebSocket handshake lets in: origin, limits and token, whatever is spoken behind it.</summary>
internal sealed class GatewayGate(
    GatewayOptions options, IReadOnlyList<LinkEntrance> entrances, ConnectionLimiter limiter, PipelineMetrics metrics, TimeProvider time) : ILinkGate
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan ClosedWait = TimeSpan.FromSeconds(1);

    private readonly OriginPolicy _origins = new(options.Origins);
    private readonly TokenGuard _tokens = new(options, time);
    private long _lastMessage;

    /// <summary>Name and text of why nobody is let in for the time being; null = somebody is.</summary>
    public Func<(string Reason, string Text)?> Closed { get; init; } = () => null;

    /// <summary>When a client last sent something, as <see cref="TimeProvider.GetUtcNow"/> in ticks; 0 before the first time.</summary>
    public long LastMessage => Volatile.Read(ref _lastMessage);

    public LinkDecision Decide(UpgradeRequest request)
    {
        var entrance = entrances.FirstOrDefault(one => one.Path == request.Path);
        if (entrance is null)
        {
            return LinkDecision.NotOurs;
        }

        if (Closed() is var (reason, text))
        {
            return Refuse(503, text, reason, ClosedWait);
        }

        if (!_origins.Allows(request.Header("Origin"), request.Header("Host")))
        {
            return Refuse(403, "Pages of this origin are not let in: see gateway.origins.", "origin");
        }

        var admission = limiter.TryEnter(request.Address, out var wait);
        return admission == Admission.Admitted ? DecideAdmitted(entrance, request) : Refuse(admission, wait);
    }

    private LinkDecision DecideAdmitted(LinkEntrance entrance, UpgradeRequest request)
    {
        LinkDecision? decision = null;
        try
        {
            var token = _tokens.Check(BearerToken.OfHandshake(request.Header, request.Query));
            if (!token.IsGood)
            {
                return Refuse(401, null, "token");
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

    private LinkDecision Refuse(Admission admission, TimeSpan wait) => admission switch
    {
        Admission.Full => Refuse(503, "As many clients are connected as may be.", "full", wait),
        Admission.TooManyOpen => Refuse(429, "As many clients of this address are connected as may be.", "address", wait),
        Admission.TooFast => Refuse(429, "This address connects too often.", "rate", wait),
        _ => Refuse(429, "A client of this address was cut for what it sent.", "penalty", wait),
    };

    private LinkDecision Refuse(int status, string? message, string reason, TimeSpan wait = default)
    {
        metrics.GatewayRefused(reason);
        var error = ApiError.Of(status, message, (long)Math.Ceiling(wait.TotalMilliseconds));
        return new LinkDecision
        {
            Status = status,
            Body = JsonSerializer.Serialize(error, Json),
            RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds),
        };
    }
}
