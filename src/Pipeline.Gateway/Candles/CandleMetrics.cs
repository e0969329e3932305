using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.History;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>Where the figures of the candle service and of the history are read.</summary>
internal static class CandleMetrics
{
    /// <summary>The candle service: its clients, and what they are sent and told.</summary>
    public static void Register(PipelineMetrics metrics, CandleService service) => metrics.AddCandleService(() =>
    {
        var (rooms, instruments, subscriptions) = service.Rooms.Figures;
        return new CandleServiceTotals
        {
            Clients = service.Connections,
            Subscriptions = subscriptions,
            Rooms = rooms,
            Instruments = instruments,
            Updates = service.Published,
            Sent = service.Sent,
            Errors = service.Errors,
        };
    });

    /// <summary>Questions for candles, wherever they come from.</summary>
    public static void Register(PipelineMetrics metrics, CandleHistory history) => metrics.AddHistoryQueries(history.Latency, () => history.Refused);

    /// <summary>The store and what fills it.</summary>
    public static void Register(PipelineMetrics metrics, CandleStore store, HistoryWriter writer) => metrics.AddHistory(() => Read(store, writer), writer.CommitTime);

    private static HistoryTotals Read(CandleStore store, HistoryWriter writer)
    {
        var (stored, figures) = (store.Stats(), writer.Figures);
        return new HistoryTotals
        {
            Series = stored.Series,
            Candles = stored.Candles,
            Bytes = stored.Bytes,
            Written = [("added", figures.Added), ("replaced", figures.Replaced), ("skipped", figures.Skipped), ("malformed", figures.Malformed)],
            Removed = [("age", figures.Aged), ("size", figures.Oversize)],
            Retries = figures.Retries,
            Missed = figures.Missed,
            States = [.. Enum.GetValues<HistoryState>().Select(state => (CandleApi.NameOf(state), state == figures.State ? 1L : 0))],
        };
    }
}
