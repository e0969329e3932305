using Pipeline.Core.Market;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hub;

/// <summary>
/// Writes down once a second how things stand, some streams a turn: so that questions from outside cost the hub nothing, however many they
/// are, and a hundred thousand streams hold up no record.
/// </summary>
internal sealed class BoardWriter : IHubWorker
{
    // About 50 µs.
    private const int StreamsOfTurn = 128;
    private const long Period = 1_000_000;

    private long? _began;
    private bool _wasCaughtUp;
    private string _logId = "";
    private long _records;
    private int _next = -1;
    private List<StreamRow> _rows = [];
    private List<StaleStream> _stale = [];
    private HubBoard? _newest;

    /// <summary>Null before the first. For any thread.</summary>
    public HubBoard? Newest => Volatile.Read(ref _newest);

    public HubWork OnTurn(HubView view)
    {
        if (IsDue(view))
        {
            Begin(view);
        }

        return _next < 0 ? HubWork.None : Write(view);
    }

    public void OnTick(HubView view)
    {
    }

    public void OnAppeared(HubView view, MarketStream stream)
    {
    }

    public void OnInstruments(HubView view)
    {
    }

    public void OnNewLog(HubView view)
    {
    }

    /// <summary>Another log, or that it has been read, is told at once; what is half written is begun anew then.</summary>
    private bool IsDue(HubView view) =>
        view.LogId != _logId || view.IsCaughtUp != _wasCaughtUp || (_next < 0 && (_began is not { } began || view.Now - began is >= Period or < 0));

    private void Begin(HubView view)
    {
        (_began, _wasCaughtUp, _logId, _records) = (view.Now, view.IsCaughtUp, view.LogId, view.Counts.Records);
        _next = 0;
        _rows = new List<StreamRow>(view.Streams.Count);
        _stale = [];
    }

    private HubWork Write(HubView view)
    {
        var streams = view.Streams.All;
        for (var end = Math.Min(streams.Count, _next + StreamsOfTurn); _next < end; _next++)
        {
            var stream = streams[_next];
            _rows.Add(StreamRow.Of(stream, view.Now));
            if (stream.Health is { State: HealthState.Stale } health)
            {
                _stale.Add(new StaleStream(stream.Name, health.Reason, health.Since));
            }
        }

        if (_next < streams.Count)
        {
            return HubWork.More;
        }

        _next = -1;
        Volatile.Write(ref _newest, new HubBoard(view.Gaps.Open)
        {
            Time = view.Now,
            LogId = _logId,
            Records = _records,
            Streams = _rows,
            Stale = _stale,
            RecentGaps = view.Gaps.Recent,
            Status = view.Status.All,
        });
        return HubWork.None;
    }
}
