using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Http;
using Pipeline.Gateway.Hub;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>Figures of the candle service, the log and the history over HTTP.</summary>
internal static class CandleApi
{
    private const string Tag = "candles";

    /// <param name="service">Null where it does not run.</param>
    /// <param name="store">Null where no history runs.</param>
    public static void MapCandleApi(
        this IEndpointRouteBuilder routes, GatewayHub hub, CandleService? service, CandleStore? store, HistoryWriter? writer, Func<TopicKind, string> topicName)
    {
        routes.Tell("/api/kline/status", Tag, "The candle service: {success, data: {enabled, service_status, stats}}, with its clients, rooms and limits. Times in ms.",
            [], call => Answer(call, KlineStatus(service)));
        routes.Tell("/api/events/status", Tag, "How far each partition is read: topic, partition, {position, end, lag, records, lastEventTime}. End and lag are null while the broker does not tell them.",
            [], call => Answer(call, EventsStatus(hub.Positions, topicName)));
        routes.Tell("/api/events/db-stats", Tag, "The history: series, candles, bytes, oldest, newest, the last offset of each partition that is in it, and how its writer stands.",
            [], call => Answer(call, StoreStatus(store?.Stats(), writer?.Figures)));
    }

    public static JsonBuffer KlineStatus(CandleService? service)
    {
        var options = service?.Options ?? new Core.Candles.CandleServiceOptions();
        var (rooms, instruments, subscriptions) = service?.Rooms.Figures ?? default;
        return new JsonBuffer().Raw("{\"success\":true,\"data\":{\"enabled\":"u8).Flag(service is not null)
            .Raw(",\"service_status\":"u8).Text(service is null ? "disabled" : service.IsAttached ? "running" : "starting")
            .Raw(",\"stats\":{\"active_connections\":"u8).Integer(service?.Connections ?? 0)
            .Raw(",\"total_subscriptions\":"u8).Integer(subscriptions)
            .Raw(",\"monitored_mints\":"u8).Integer(instruments)
            .Raw(",\"rooms\":"u8).Integer(rooms)
            .Raw(",\"updates_published\":"u8).Integer(service?.Published ?? 0)
            .Raw(",\"requests_refused\":"u8).Integer(service?.RefusedCount ?? 0)
            .Raw(",\"requests_failed\":"u8).Integer(service?.FailedCount ?? 0)
            .Raw(",\"suspended_clients\":"u8).Integer(service?.Suspended.Count ?? 0)
            .Raw(",\"suspended_evicted\":"u8).Integer(service?.Suspended.Evicted ?? 0)
            .Raw(",\"config\":{\"connection_timeout\":"u8).Integer((long)options.ConnectionTimeout.TotalMilliseconds)
            .Raw(",\"max_subscriptions_per_client\":"u8).Integer(options.MaxSubscriptionsPerClient)
            .Raw(",\"history_data_limit\":"u8).Integer(options.HistoryDataLimit)
            .Raw(",\"ping_interval\":"u8).Integer((long)options.PingInterval.TotalMilliseconds)
            .Raw(",\"ping_timeout\":"u8).Integer((long)options.PingTimeout.TotalMilliseconds)
            .Raw("}}}}"u8);
    }

    /// <summary>By topic and partition; end and lag are null while the broker does not tell where the partition ends.</summary>
    public static JsonBuffer EventsStatus(IEnumerable<PartitionPosition> positions, Func<TopicKind, string> topicName)
    {
        var json = new JsonBuffer(4096).Raw((byte)'{');
        var isFirst = true;
        foreach (var topic in positions.GroupBy(position => position.Topic).OrderBy(topic => topic.Key))
        {
            json.Raw(isFirst ? ""u8 : ","u8).Text(topicName(topic.Key)).Raw(":{"u8);
            isFirst = false;
            var isFirstPartition = true;
            foreach (var one in topic.OrderBy(position => position.Partition))
            {
                json.Raw(isFirstPartition ? "\""u8 : ",\""u8).Integer(one.Partition)
                    .Raw("\":{\"position\":"u8).Integer(one.Position)
                    .Raw(",\"end\":"u8).IntegerOrNull(one.End)
                    .Raw(",\"lag\":"u8).IntegerOrNull(one.Lag)
                    .Raw(",\"records\":"u8).Integer(one.Records)
                    .Raw(",\"lastEventTime\":"u8).IntegerOrNull(one.LastTimestamp == 0 ? null : one.LastTimestamp).Raw((byte)'}');
                isFirstPartition = false;
            }

            json.Raw((byte)'}');
        }

        return json.Raw((byte)'}');
    }

    /// <summary>Zeros and nulls where no history runs.</summary>
    public static JsonBuffer StoreStatus(StoreStats? stats, HistoryFigures? figures)
    {
        var json = new JsonBuffer().Raw("{\"series\":"u8).Integer(stats?.Series ?? 0)
            .Raw(",\"candles\":"u8).Integer(stats?.Candles ?? 0)
            .Raw(",\"bytes\":"u8).Integer(stats?.Bytes ?? 0)
            .Raw(",\"oldest\":"u8).IntegerOrNull(stats?.Oldest)
            .Raw(",\"newest\":"u8).IntegerOrNull(stats?.Newest)
            .Raw(",\"lastCommittedOffset\":{"u8);
        var isFirst = true;
        foreach (var (partition, next) in (stats?.Position ?? StorePosition.None).Next.OrderBy(one => one.Key))
        {
            json.Raw(isFirst ? "\""u8 : ",\""u8).Integer(partition).Raw("\":"u8).Integer(next - 1);
            isFirst = false;
        }

        json.Raw("},\"enabled\":"u8).Flag(stats is not null).Raw(",\"logId\":"u8);
        json = stats?.Position.LogId is { } logId ? json.Text(logId) : json.Raw("null"u8);
        if (figures is not null)
        {
            json.Raw(",\"writer\":{\"state\":"u8).Text(NameOf(figures.State))
                .Raw(",\"added\":"u8).Integer(figures.Added)
                .Raw(",\"replaced\":"u8).Integer(figures.Replaced)
                .Raw(",\"skipped\":"u8).Integer(figures.Skipped)
                .Raw(",\"malformed\":"u8).Integer(figures.Malformed)
                .Raw(",\"removedByAge\":"u8).Integer(figures.Aged)
                .Raw(",\"removedBySize\":"u8).Integer(figures.Oversize)
                .Raw(",\"retries\":"u8).Integer(figures.Retries)
                .Raw(",\"missedOffsets\":"u8).Integer(figures.Missed).Raw((byte)'}');
        }

        return json.Raw((byte)'}');
    }

    internal static string NameOf(HistoryState state) => state switch
    {
        HistoryState.CatchingUp => "catching-up",
        HistoryState.Running => "running",
        HistoryState.Retrying => "retrying",
        HistoryState.Failed => "failed",
        _ => "waiting",
    };

    private static Task<IResult> Answer(HttpContext call, JsonBuffer json)
    {
        call.Response.Headers.CacheControl = "no-store";
        return Task.FromResult(Results.Bytes(json.ToArray(), "application/json; charset=utf-8"));
    }
}
