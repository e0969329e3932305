using System.Buffers;
using System.Globalization;
using Pipeline.Core.Market;
using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.Streams;
using Pipeline.Gateway.WebSockets.Requests;
using Pipeline.Gateway.WebSockets.Subscriptions;

namespace Pipeline.Gateway.WebSockets;

/// <summary>
/// One client of <c>/ws</c>. Its messages are read and checked on its own thread; what concerns streams goes to the hub, and until that has
/// handled it nothing more is read from this client.
/// </summary>
internal sealed class WebSocketSession(ProtocolParts parts, SessionInfo info) : ILinkHandler
{
    private readonly MessageLimit _limit = new(parts.Options, parts.Clock);
    private readonly SessionTally _tally = new(parts.Clock);
    private Subscriber? _subscriber;
    private ClientLink? _link;
    private IOutlet? _outlet;

    /// <summary>Number of its link, given once in the life of a gateway; 0 without one.</summary>
    public long Id => _link?.Id ?? 0;

    public void OnOpened(ClientLink link)
    {
        _link = link;
        Open(new LinkOutlet(link));
    }

    /// <summary>As <see cref="OnOpened"/>, for tests without a link.</summary>
    public void Open(IOutlet outlet)
    {
        _outlet = outlet;
        var subscriber = new Subscriber(outlet, parts.Options, parts.Addresses.QuotaOf(info.Address), info.Expires);
        _subscriber = subscriber;
        parts.CountOpened();
        parts.Sessions.TryAdd(this, true);
        if (!parts.Hub.Post(new SubscriberCommand(view => parts.Desk.Connect(view, subscriber))))
        {
            outlet.Close(CloseCodes.Overloaded.Code, CloseCodes.Overloaded.Reason);
        }
    }

    public ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary) => OnMessageAsync(payload, isBinary);

    public ValueTask OnMessageAsync(ReadOnlySequence<byte> payload, bool isBinary)
    {
        _tally.Heard();
        if (isBinary)
        {
            Close(CloseCodes.Unsupported);
            return default;
        }

        var verdict = _limit.Take(out var retryAfter);
        if (verdict != LimitVerdict.Pass)
        {
            Restrain(verdict, retryAfter);
            return default;
        }

        return Take(payload, _subscriber!.Quota.TryMessage());
    }

    public void OnClosed(ClientLink link, LinkClosure closure) => Closed();

    /// <summary>As <see cref="OnClosed"/>, for tests without a link.</summary>
    public void Closed()
    {
        parts.Sessions.TryRemove(this, out _);
        if (_subscriber is { } subscriber)
        {
            // Must not be left out: it is what the hub knows of this client that grows.
            parts.Hub.Post(new SubscriberCommand(_ => parts.Desk.Disconnect(subscriber)), force: true);
        }
    }

    public void Close(CloseCode code) => _outlet?.Close(code.Code, code.Reason);

    public SessionRow Describe()
    {
        var statistics = _link?.Statistics() ?? new LinkStatistics();
        var isSlow = statistics.WaitingBytes > parts.Options.SnapshotBytes;
        return _tally.Describe(
            Id.ToString(CultureInfo.InvariantCulture),
            WebSocketProtocol.Name,
            info.Address,
            info.Subject,
            statistics,
            _limit.IsInPenalty ? "penalty" : isSlow ? "slow" : "open",
            _subscriber is null ? 0 : Volatile.Read(ref _subscriber.FilterCount),
            _subscriber is null ? 0 : Volatile.Read(ref _subscriber.StreamCount));
    }

    /// <param name="isAllowed">Its address may send it; else it is read for its id alone, which the refusal repeats.</param>
    private ValueTask Take(ReadOnlySequence<byte> payload, bool isAllowed)
    {
        try
        {
            var request = RequestReader.Read(payload, parts.Options);
            if (isAllowed)
            {
                return Handle(request);
            }

            // No offence: others of its address may have sent the rest.
            Fail(request.Id, ErrorCodes.RateLimited, "Too many messages of this address; this one was not heard.", (long)AddressQuota.RetryAfter.TotalMilliseconds);
        }
        catch (RequestException refusal)
        {
            Refuse(refusal);
        }

        return default;
    }

    private ValueTask Handle(ClientRequest request)
    {
        switch (request.Op)
        {
            case RequestOp.Ping:
                Answer(Replies.Pong(request.Id, MarketTime.Now(parts.Clock)));
                return default;
            case RequestOp.GetStats:
                Answer(Replies.Stats(request.Id, Describe(), _link?.Statistics() ?? new LinkStatistics()));
                return default;
            case RequestOp.Subscribe:
                var resolution = SymbolResolver.Resolve(parts.Instruments(), request.Filter.Exchanges, request.Filter.Symbols);
                return AskHub(request, (view, who) => parts.Desk.Subscribe(view, who, request, resolution), needsLog: true);
            case RequestOp.Unsubscribe:
                return AskHub(request, (view, who) => parts.Desk.Unsubscribe(view, who, request), needsLog: true);
            default:
                return AskHub(request, (_, who) =>
                {
                    Answer(Replies.List(request.Id, who.Filters.Values));
                    return null;
                });
        }
    }

    private ValueTask AskHub(ClientRequest request, Func<HubView, Subscriber, (string Code, string Message)?> ask, bool needsLog = false)
    {
        var who = _subscriber!;
        var command = new SubscriberCommand(
            view =>
            {
                if (!who.IsGone && ask(view, who) is var (code, message))
                {
                    Fail(request.Id, code, message);
                }
            },
            needsLog);
        if (parts.Hub.Post(command))
        {
            return command.Handled.IsCompleted ? default : new ValueTask(command.Handled);
        }

        Fail(request.Id, ErrorCodes.Unavailable, "The server cannot take the request in now.", retryAfterMs: 1000);
        return default;
    }

    private void Restrain(LimitVerdict verdict, TimeSpan retryAfter)
    {
        if (_limit.IsOver)
        {
            Close(CloseCodes.RateLimited);
        }
        else if (verdict == LimitVerdict.Refuse)
        {
            Fail(null, ErrorCodes.RateLimited, "Too many messages; those before retryAfterMs are not listened to.", (long)retryAfter.TotalMilliseconds);
        }
    }

    private void Refuse(RequestException refusal)
    {
        _limit.Offend();
        Fail(refusal.Id, refusal.Code, refusal.Message);
        if (_limit.IsOver)
        {
            Close(CloseCodes.TooManyErrors);
        }
    }

    private void Fail(string? id, string code, string message, long retryAfterMs = 0)
    {
        _tally.Failed();
        parts.CountError();
        Answer(Replies.Error(id, code, message, retryAfterMs));
    }

    private void Answer(SharedMessage message) => _outlet?.Post(message, Delivery.Required);
}
