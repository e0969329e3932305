using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.Candles;

/// <summary>The rooms in use, by series. Only for the hub's thread, but for <see cref="Figures"/>.</summary>
internal sealed class KlineRooms(IKlineOutlet outlet)
{
    private const int MicrosecondsPerMillisecond = 1000;

    private readonly Dictionary<CandleSeries, List<KlineRoom>> _bySeries = [];
    private readonly Dictionary<string, KlineRoom> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _instruments = new(StringComparer.Ordinal);
    private readonly JsonBuffer _numbers = new();
    private readonly JsonBuffer _strings = new();

    /// <summary>Rooms, instruments in them and subscriptions, as of the last change. For any thread.</summary>
    public (int Rooms, int Instruments, int Subscriptions) Figures { get; private set; }

    public void Join(KlineSession session, KlineRoom room)
    {
        if (!_byName.TryGetValue(room.Name, out var known))
        {
            _byName.Add(room.Name, known = room);
            if (!_bySeries.TryGetValue(room.Series, out var rooms))
            {
                _bySeries.Add(room.Series, rooms = []);
            }

            rooms.Add(room);
            _instruments[room.Series.Instrument] = _instruments.GetValueOrDefault(room.Series.Instrument) + 1;
        }

        if (known.Members.Add(session))
        {
            session.Joined.Add(room.Name);
            session.Client.Join(room.Name);
            Count(1);
        }
    }

    public void Leave(KlineSession session, string name)
    {
        if (!_byName.TryGetValue(name, out var room) || !room.Members.Remove(session))
        {
            return;
        }

        session.Joined.Remove(name);
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

    /// <summary>A record of <c>md.candles</c>: encoded once for each form in which it is wanted, framed once for each room.</summary>
    /// <returns>Updates published.</returns>
    public int Publish(in StreamRecord record)
    {
        if (!_bySeries.TryGetValue(record.Series, out var rooms) || !CandleText.TryRead(record.Value.Span, out var candle))
        {
            return 0;
        }

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
            outlet.Publish(room.Name, KlineEvents.Data, message, record.State == RecordState.Forming ? new CandleKey(room.Name, record.OpenTime) : null);
        }

        return rooms.Count;
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
