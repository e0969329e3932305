namespace Pipeline.Core.Diagnostics;

/// <content>A gateway's candle service and its history.</content>
public sealed partial class PipelineMetrics
{
    private readonly LatencyFamily _historyQueries;
    private readonly LatencyFamily _historyCommits;
    private readonly MetricSource<CandleServiceTotals> _candleService = new();
    private readonly MetricSource<HistoryTotals> _history = new();
    private Func<long>? _historyRefused;

    /// <summary>Registers the candle service; without it nothing is told of it.</summary>
    public void AddCandleService(Func<CandleServiceTotals> totals) => _candleService.Attach(totals);

    /// <summary>Registers the store of the history; without it nothing is told of it.</summary>
    /// <param name="commits">Time of one transaction.</param>
    public void AddHistory(Func<HistoryTotals> totals, LatencyHistogram commits)
    {
        _history.Attach(totals);
        _historyCommits.Attach(commits);
    }

    /// <summary>Registers what is asked for candles, wherever they come from.</summary>
    /// <param name="queries">From question to answer.</param>
    /// <param name="refused">Questions that could not be answered.</param>
    public void AddHistoryQueries(LatencyHistogram queries, Func<long> refused)
    {
        _historyQueries.Attach(queries);
        _historyRefused = refused;
    }

    private void WatchCandleService(MetricSet set)
    {
        Show("pipeline.kline.clients", "{client}", "Clients of the candle service that are connected", one => one.Clients);
        Show("pipeline.kline.subscriptions", "{room}", "Rooms that they are in, one for each client and room", one => one.Subscriptions);
        Show("pipeline.kline.rooms", "{room}", "Rooms in use", one => one.Rooms);
        Show("pipeline.kline.instruments", "{instrument}", "Instruments of which there is a room", one => one.Instruments);
        Count("pipeline.kline.updates", "{event}", "Updates encoded, one for each room", one => one.Updates);
        Count("pipeline.kline.data", "{event}", "kline_data put into outboxes, one for each client", one => one.Sent);
        set.Watch(
            "pipeline.kline.errors", "{error}", "Errors told to clients of the candle service",
            _candleService, totals => totals.Errors.Select(one => (one.Key, "", one.Value)), "code", isCounter: true);

        void Show(string name, string unit, string description, Func<CandleServiceTotals, long> figure) => Watch(name, unit, description, figure, false);
        void Count(string name, string unit, string description, Func<CandleServiceTotals, long> figure) => Watch(name, unit, description, figure, true);
        void Watch(string name, string unit, string description, Func<CandleServiceTotals, long> figure, bool isCounter) => set.Watch(
            name, unit, description, _candleService, totals => [("", "", figure(totals))], isCounter: isCounter);
    }

    private void WatchHistory(MetricSet set)
    {
        Watch("pipeline.history.series", "{series}", "Series in the store", one => One(one.Series));
        Watch("pipeline.history.candles", "{candle}", "Candles in the store", one => One(one.Candles));
        Watch("pipeline.history.bytes", "", "Size of the store's files", one => One(one.Bytes));
        Watch("pipeline.history.written", "{record}", "Candle records brought to the store", one => one.Written, "outcome", isCounter: true);
        Watch("pipeline.history.removed", "{candle}", "Candles removed from the store", one => one.Removed, "reason", isCounter: true);
        Watch("pipeline.history.retries", "{time}", "Times the disk refused a batch", one => One(one.Retries), isCounter: true);
        Watch(
            "pipeline.history.missed", "{record}", "Offsets that the broker had deleted before they were read", one => One(one.Missed), isCounter: true);
        Watch("pipeline.history.state", "{store}", "How writing stands: the one that is 1", one => one.States, "state");
        set.Watch(
            "pipeline.history.queries_refused", "{query}", "Questions that store and hub could not answer together",
            () => _historyRefused is { } refused ? One(refused()).Select(one => (one.Item1, "", one.Item2)) : [], isCounter: true);

        static (string, long)[] One(long value) => [("", value)];
        void Watch(
            string name, string unit, string description, Func<HistoryTotals, IEnumerable<(string Tag, long Value)>> figure, string tag = "",
            bool isCounter = false) => set.Watch(
            name, unit, description, _history, totals => figure(totals).Select(one => (one.Tag, "", one.Value)), tag, isCounter: isCounter);
    }
}
