using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <content>What each event does.</content>
internal sealed partial class KlineSession
{
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
        if (known is null && _subscriptions.Values.Count(one => one.Room.Series == range.Series) >= SpellingsOfSeries)
        {
            return Refuse(KlineError.Spellings);
        }

        var id = request.SubscriptionId ?? known?.Id ?? NextId();
        var subscription = new KlineSubscription(request.Symbol!, request.Interval!, id, KlineRoom.Make(request.Symbol!, request.Interval!, _strings, range.Series));
        var confirmed = Confirmation(subscription);
        var refusal = await _service.History.AnswerAsync(
            _service.Hub,
            range,
            page => new PreparedHistory(page, _strings),
            (rows, overlay) => Join(subscription, confirmed, rows.Finish(subscription.Symbol, subscription.Interval, range, overlay)),
            cancellation);
        if (refusal is not null)
        {
            return Refuse(refusal);
        }

        _subscriptions[room] = subscription;
        StopIdle();
        return confirmed;
    }

    /// <summary>On the hub's thread: what the client has now ends with the last record, and its room begins with the next.</summary>
    /// <returns>Why not; null when it was done.</returns>
    private KlineError? Join(KlineSubscription subscription, byte[] confirmed, byte[] history)
    {
        if (_isClosed)
        {
            return KlineError.NotSubscribed;
        }

        if (_service.Rooms.Join(this, subscription.Room) is { } refusal)
        {
            return refusal;
        }

        Client.Emit(KlineEvents.Subscribed, confirmed);
        Client.Emit(KlineEvents.HistoryData, history);
        return null;
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

        var instrument = _service.Find(symbol);
        if (instrument.Fault != SymbolFault.None)
        {
            return instrument.Fault == SymbolFault.Ambiguous ? KlineError.AmbiguousSymbol : KlineError.Symbol;
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
        _tally.Failed();
        _service.Refused(error);
        return Answer(KlineEvents.Error, error.ToJson());
    }

    private ReadOnlyMemory<byte> Answer(string name, byte[] json)
    {
        Client.Emit(name, json);
        return json;
    }

    private static long MicrosecondsOf(long? seconds) =>
        seconds is { } given ? Math.Clamp(given, 0, long.MaxValue / CandleService.MicrosecondsPerSecond) * CandleService.MicrosecondsPerSecond : long.MaxValue;
}
