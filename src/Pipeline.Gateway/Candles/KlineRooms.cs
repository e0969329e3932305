using Pipeline.Core.Market;
using Pipeline.Fanout;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Candles;

/// <summary>The rooms in use, by series. Only for the hub's thread, but for <see cref="Figures"/>.</summary>
internal sealed class KlineRooms(IKlineOutlet outlet)
{
    // Each spelling in use is a room of its own, and an update of the series is framed for each. Of plain spellings there are a few dozen; of
    // others a client may think up thousands.
    private const int MostOddSpellings = 16;
    private const int MicrosecondsPerMillisecond = 1000;

    private readonly Dictionary<CandleSeries, List<KlineRoom>> _bySeries = [];
    private readonly Dictionary<string, KlineRoom> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _instruments = new(StringComparer.Ordinal);
    private readonly JsonBuffer _numbers = new();
    private readonly JsonBuffer _strings = new();

    /// <summary>Rooms, instruments in them and subscriptions, as of the last change. For any thread.</summary>
    public (int Rooms, int Instruments, int Subscriptions) Figures { get; private set; }

    /// <summary>Puts a client into a room, if there may be one and its address may have one more.</summary>
    /// <returns>Why not; null when it is in.</returns>
    public KlineError? Join(KlineSession session, KlineRoom room)
    {
        if (!CanOpen(room))
        {
            return KlineError.Spellings;
        }

        if (!session.Joined.Contains(room.Name) && !session.Quota.TryTakeStream())
        {
            return KlineError.AddressLimit;
        }

        var known = Open(room);
        session.Client.Join(room.Name);
        if (known.Members.Add(session))
        {
            session.Joined.Add(room.Name);
            session.CountRooms();
            Count(1);
        }

        return null;
    }

    /// <summary>The client came back on another connection, which may have missed what was joined meanwhile.</summary>
    public static void Rejoin(KlineSession session)
    {
        foreach (var room in session.Joined)
        {
            session.Client.Join(room);
        }
    }

    public void Leave(KlineSession session, string name)
    {
        if (!_byName.TryGetValue(name, out var room) || !room.Members.Remove(session))
        {
            return;
        }

        session.Joined.Remove(name);
        session.CountRooms();
        session.Quota.ReturnStreams(1);
        session.Client.Leave(name);
        if (room.Members.Count == 0)
        {
            Remove(room);
        }

        Count(-1);
    }

    /// <summary>The client has gone: every room it is in.</summary>
    public void LeaveAll(KlineSession session)
    {
        foreach (var room in session.Joined.ToList())
        {
            Leave(session, room);
        }
    }

    /// <summary>
    /// A record of <c>md.candles</c>: encoded once for each form in which it is wanted, framed once for each room. Candles of the venue's own
    /// are of the time before the series: they come out of order while somebody watches, and are history alone.
    /// </summary>
    /// <returns>Updates published, and clients that took them.</returns>
    public (int Updates, int Deliveries) Publish(in StreamRecord record)
    {
        if (!_bySeries.TryGetValue(record.Series, out var rooms) || !CandleText.TryRead(record.Value.Span, out var candle)
            || candle.Source == CandleSource.Venue)
        {
            return default;
        }

        var taken = 0;
        var delivery = record.State == RecordState.Forming ? Delivery.Conflatable : Delivery.Required;
        _numbers.Clear();
        _strings.Clear();
        foreach (var room in rooms)
        {
            var json = room.Strings ? _strings : _numbers;
            if (json.Length == 0)
            {
                KlineJson.Write(json, candle, room.Strings);
            }

            var message = room.Encode(record.Timestamp / MicrosecondsPerMillisecond, json.Written);
            taken += outlet.Publish(room.Name, KlineEvents.Data, message, delivery, new CandleKey(room.Name, record.OpenTime));
        }

        return (rooms.Count, taken);
    }

    /// <summary>Whether there is this room, or may be: a series has no more than some spellings out of the ordinary.</summary>
    private bool CanOpen(KlineRoom room) =>
        room.IsPlain || _byName.ContainsKey(room.Name) || !_bySeries.TryGetValue(room.Series, out var rooms) || rooms.Count(static one => !one.IsPlain) < MostOddSpellings;

    /// <summary>The room of this name, which is made where there is none.</summary>
    private KlineRoom Open(KlineRoom room)
    {
        if (_byName.TryGetValue(room.Name, out var known))
        {
            return known;
        }

        _byName.Add(room.Name, room);
        if (!_bySeries.TryGetValue(room.Series, out var rooms))
        {
            _bySeries.Add(room.Series, rooms = []);
        }

        rooms.Add(room);
        _instruments[room.Series.Instrument] = _instruments.GetValueOrDefault(room.Series.Instrument) + 1;
        return room;
    }

    private void Remove(KlineRoom room)
    {
        _byName.Remove(room.Name);
        var rooms = _bySeries[room.Series];
        rooms.Remove(room);
        if (rooms.Count == 0)
        {
            _bySeries.Remove(room.Series);
        }

        if (--_instruments[room.Series.Instrument] == 0)
        {
            _instruments.Remove(room.Series.Instrument);
        }
    }

    private void Count(int change) => Figures = (_byName.Count, _instruments.Count, Figures.Subscriptions + change);
}
