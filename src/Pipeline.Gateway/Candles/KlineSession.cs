using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Gateway.Hub;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>
/// One client of the candle service. Its events are handled one after the other: the next one is read when the last was answered, so a
/// client has one history on its way at most.
/// </summary>
internal sealed class KlineSession : IDisposable
{
    private readonly CandleService _service;
    private readonly bool _strings;
    private readonly EventBudget _budget;
    private readonly Dictionary<string, KlineSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private ITimer? _idle;
    private ITimer? _grace;
    private int _ids;
    private volatile bool _isClosed;

    public KlineSession(CandleService service, IKlineClient client, bool strings)
    {
        _service = service;
        _strings = strings;
        Client = client;
        _budget = new EventBudget(service.Time);
        StartIdle();
    }

    /// <summary>Its connection; another one after it came back.</summary>
    public IKlineClient Client { get; private set; }

    /// <summary>Its connection broke, and it may come back.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>Rooms it is in. Only for the hub's thread.</summary>
    public HashSet<string> Joined { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers an event.</summary>
    /// <param name="argument">Its first argument; null when there is none.</param>
    /// <returns>The answer once more, for an acknowledgement.</returns>
    public async Task<ReadOnlyMemory<byte>> HandleAsync(string name, JsonElement? argument, CancellationToken cancellation = default)
    {
        if (!_budget.TryTake())
        {
            return Refuse(KlineError.RateLimited);
        }

        try
        {
            return name switch
            {
                KlineEvents.Subscribe => await SubscribeAsync(argument, cancellation),
                KlineEvents.Unsubscribe => await UnsubscribeAsync(argument, cancellation),
                KlineEvents.History => await HistoryAsync(argument, cancellation),
                _ => Refuse(KlineError.Event),
            };
        }
        catch (Exception error) when (error is HubUnavailableException or HistoryException)
        {
            _service.Failed(error);
            return Refuse(KlineError.Internal);
        }
    }

    /// <summary>The connection broke: what the client holds stays for so long.</summary>
    public void Suspend(TimeSpan grace)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                IsSuspended = true;
                _idle?.Dispose();
                _idle = null;
                _grace = _service.Time.CreateTimer(_ => Dispose(), null, grace, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The client came back on another connection; false when it came too late.</summary>
    public bool TryResume(IKlineClient client)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _grace?.Dispose();
            _grace = null;
            IsSuspended = false;
            Client = client;
        }

        if (_subscriptions.Count == 0)
        {
            StartIdle();
        }

        return true;
    }

    /// <summary>Gives up everything it holds: rooms, timer, place among the clients.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _idle?.Dispose();
            _idle = null;
            _grace?.Dispose();
            _grace = null;
        }

        _service.Remove(this);
    }

    private async Task<ReadOnlyMemory<byte>> SubscribeAsync(JsonElement? argument, CancellationToken cancellation)
    {
        if (ReadSeries(argument, out var request, out var key) is { } error)
        {
            return Refuse(error);
        }

        var room = KlineRoom.NameOf(request.Symbol!, request.Interval!, _strings);
        var known = _subscriptions.GetValueOrDefault(room);
        if (known is null && _subscriptions.Count >= _service.Options.MaxSubscriptionsPerClient)
        {
            return Refuse(KlineError.TooMany(_service.Options.MaxSubscriptionsPerClient));
        }

        var range = new HistoryRange(key, request.Limit ?? _service.Options.HistoryDataLimit);
        var id = request.SubscriptionId ?? known?.Id ?? NextId();
        var subscription = new KlineSubscription(request.Symbol!, request.Interval!, id, KlineRoom.Make(request.Symbol!, request.Interval!, _strings, range.Series));
        var confirmed = Confirmation(subscription);
        var isJoined = await _service.History.AnswerAsync(
            _service.Hub,
            range,
            page => new PreparedHistory(page, _strings),
            (rows, overlay) => Join(subscription, confirmed, rows.Finish(subscription.Symbol, subscription.Interval, range, overlay)),
            cancellation);
        if (isJoined)
        {
            _subscriptions[room] = subscription;
            StopIdle();
        }

        return confirmed;
    }

    /// <summary>On the hub's thread: what the client has now ends with the last record, and its room begins with the next.</summary>
    private bool Join(KlineSubscription subscription, byte[] confirmed, byte[] history)
    {
        if (_isClosed)
        {
            return false;
        }

        Client.Emit(KlineEvents.Subscribed, confirmed);
        Client.Emit(KlineEvents.HistoryData, history);
        _service.Rooms.Join(this, subscription.Room);
        return true;
    }

    private async Task<ReadOnlyMemory<byte>> UnsubscribeAsync(JsonElement? argument, CancellationToken cancellation)
    {
        if (KlineRequest.Read(argument, out var error) is not { } request)
        {
            return Refuse(error!);
        }

        if (request is not ({ Symbol: not null, Interval: not null } or { SubscriptionId: not null }))
        {
            return Refuse(KlineError.Payload);
        }

        if (Find(request) is not { } subscription)
        {
            return Refuse(KlineError.NotSubscribed);
        }

        // Between two records: nothing of the room comes after the confirmation.
        var confirmed = Confirmation(subscription);
        await _service.Hub.AskAsync(
            _ =>
            {
                _service.Rooms.Leave(this, subscription.Room.Name);
                Client.Emit(KlineEvents.Unsubscribed, confirmed);
                return true;
            },
            cancellation);
        _subscriptions.Remove(subscription.Room.Name);
        if (_subscriptions.Count == 0)
        {
            StartIdle();
        }

        return confirmed;
    }

    private async Task<ReadOnlyMemory<byte>> HistoryAsync(JsonElement? argument, CancellationToken cancellation)
    {
        if (ReadSeries(argument, out var request, out var key) is { } error)
        {
            return Refuse(error);
        }

        var range = new HistoryRange(key, request.Limit ?? _service.Options.HistoryDataLimit, MicrosecondsOf(request.To));
        var history = await _service.History.AnswerAsync(
            _service.Hub,
            range,
            page => new PreparedHistory(page, _strings),
            (rows, overlay) => rows.Finish(request.Symbol!, request.Interval!, range, overlay),
            cancellation);
        return Answer(KlineEvents.HistoryData, history);
    }

    /// <summary>Null when the request names a series that there is or may be.</summary>
    private KlineError? ReadSeries(JsonElement? argument, out KlineRequest request, out SeriesKey key)
    {
        key = default;
        request = KlineRequest.Read(argument, out var error)!;
        if (error is not null)
        {
            return error;
        }

        if (request.Symbol is not { Length: > 0 } symbol || request.Interval is not { Length: > 0 })
        {
            return KlineError.Payload;
        }

        if (!_service.Symbols.TryResolve(symbol, out var instrument, out error))
        {
            return error;
        }

        if (!CandleInterval.TryParse(request.Interval, out var interval))
        {
            return KlineError.Interval;
        }

        key = new SeriesKey(instrument.Venue, instrument.Id, interval);
        return null;
    }

    private KlineSubscription? Find(KlineRequest request) => request.Symbol is { } symbol && request.Interval is { } interval
        ? _subscriptions.GetValueOrDefault(KlineRoom.NameOf(symbol, interval, _strings))
        : _subscriptions.Values.FirstOrDefault(one => one.Id.AsSpan().SequenceEqual(request.SubscriptionId));

    private static byte[] Confirmation(KlineSubscription subscription) => new JsonBuffer(256)
        .Raw("{\"symbol\":"u8).Text(subscription.Symbol).Raw(",\"interval\":"u8).Text(subscription.Interval)
        .Raw(",\"subscription_id\":"u8).Raw(subscription.Id).Raw((byte)'}').ToArray();

    private byte[] NextId() => new JsonBuffer(32).Text(string.Create(CultureInfo.InvariantCulture, $"sub-{++_ids}")).ToArray();

    private ReadOnlyMemory<byte> Refuse(KlineError error)
    {
        _service.Refused(error);
        return Answer(KlineEvents.Error, new JsonBuffer(256).Raw("{\"code\":"u8).Text(error.Code).Raw(",\"message\":"u8).Text(error.Message).Raw((byte)'}').ToArray());
    }

    private ReadOnlyMemory<byte> Answer(string name, byte[] json)
    {
        Client.Emit(name, json);
        return json;
    }

    private static long MicrosecondsOf(long? seconds) =>
        seconds is { } given ? Math.Clamp(given, 0, long.MaxValue / CandleService.MicrosecondsPerSecond) * CandleService.MicrosecondsPerSecond : long.MaxValue;

    private void StartIdle()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _idle ??= _service.Time.CreateTimer(_ => Expire(), null, _service.Options.ConnectionTimeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void StopIdle()
    {
        lock (_gate)
        {
            _idle?.Dispose();
            _idle = null;
        }
    }

    private void Expire()
    {
        lock (_gate)
        {
            if (_idle is null)
            {
                return;
            }
        }

        Refuse(KlineError.Idle(_service.Options.ConnectionTimeout));
        Client.Disconnect();
    }
}
