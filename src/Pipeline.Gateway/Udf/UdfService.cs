using System.Globalization;
using System.Text;
using Pipeline.Core.Market;
using Pipeline.Gateway.Candles;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.History;

namespace Pipeline.Gateway.Udf;

/// <summary>
/// TradingView's UDF protocol. An answer of <c>/history</c> is of one moment and has every bar once, in order, in its newest revision: a
/// chart never sees an older bar after a newer one. Times are seconds. For any thread.
/// </summary>
internal sealed class UdfService(IInstrumentFinder instruments, CandleHistory history, ICandleHub hub, TimeProvider time, string? defaultVenue)
{
    /// <summary>Bars in one answer; of more, the newest.</summary>
    public const int MaxBars = 5_000;

    public const int DefaultResults = 30;
    public const int MaxResults = 100;
    private const int LongestQuery = 100;

    private readonly UdfSearch _search = new(instruments);

    public UdfAnswer Config()
    {
        var json = new JsonBuffer().Raw("{\"supports_search\":true,\"supports_group_request\":false,\"supports_marks\":false,\"supports_timescale_marks\":false"u8)
            .Raw(",\"supports_time\":true,\"exchanges\":[{\"value\":\"\",\"name\":\"All exchanges\",\"desc\":\"\"}"u8);
        foreach (var exchange in instruments.Venues.Select(InstrumentNames.ExchangeOf).Distinct(StringComparer.Ordinal))
        {
            json.Raw(",{\"value\":"u8).Text(exchange).Raw(",\"name\":"u8).Text(exchange).Raw(",\"desc\":"u8).Text(exchange).Raw((byte)'}');
        }

        return Answer(json.Raw("],\"symbols_types\":[{\"name\":\"All types\",\"value\":\"\"},{\"name\":\"Spot\",\"value\":\"spot\"},{\"name\":\"Perpetual\",\"value\":\"perpetual\"}"u8)
            .Raw(",{\"name\":\"Token\",\"value\":\"token\"}],\"supported_resolutions\":"u8).Texts(UdfResolutions.All).Raw((byte)'}'));
    }

    /// <param name="symbol">A name in any spelling.</param>
    /// <param name="group">A venue: all its instruments.</param>
    public UdfAnswer Symbols(string? symbol, string? group)
    {
        if (symbol is { Length: > 0 })
        {
            var found = SymbolResolver.FindOne(instruments, defaultVenue, symbol);
            if (found.Fault != SymbolFault.None || instruments.Get($"{found.Venue}:{found.Id}") is not { } record)
            {
                return Error("unknown_symbol");
            }

            var json = new JsonBuffer();
            UdfSymbols.WriteInfo(json, record.Info);
            return Answer(json);
        }

        if (group is not { Length: > 0 })
        {
            return Error("symbol or group is missing");
        }

        InstrumentInfo[] members =
        [
            .. instruments.All.Select(one => one.Info)
                .Where(one => one.Status != InstrumentStatus.Delisted && (one.Venue == group || UdfSymbols.ExchangeOf(one) == InstrumentNames.Fold(group))),
        ];
        if (members.Length == 0)
        {
            return Error("unknown_group");
        }

        var table = new JsonBuffer(members.Length * 128);
        UdfSymbols.WriteGroup(table, members);
        return Answer(table);
    }

    public UdfAnswer Search(string? query, string? type, string? exchange, string? limit)
    {
        var count = (long)DefaultResults;
        if (limit is { Length: > 0 } && (!TryInteger(limit, out count) || count < 1))
        {
            return Error("limit must be a whole number of 1 or more");
        }

        if (query is { Length: > LongestQuery })
        {
            return Error("query is too long");
        }

        var json = new JsonBuffer().Raw((byte)'[');
        var isFirst = true;
        foreach (var info in _search.Find(query ?? "", type ?? "", exchange ?? "", (int)Math.Min(count, MaxResults)))
        {
            if (!isFirst)
            {
                json.Raw((byte)',');
            }

            isFirst = false;
            UdfSymbols.WriteResult(json, info);
        }

        return Answer(json.Raw((byte)']'));
    }

    /// <summary>Seconds since 1970, as text.</summary>
    public UdfAnswer Time() =>
        new(Encoding.ASCII.GetBytes(time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)), "text/plain; charset=utf-8");

    /// <param name="from">First second wanted; does not count where <paramref name="countback"/> is given.</param>
    /// <param name="to">Second from which on nothing is wanted.</param>
    /// <param name="countback">Bars wanted, counted back from <paramref name="to"/>.</param>
    public async Task<UdfAnswer> HistoryAsync(
        string? symbol, string? resolution, string? from, string? to, string? countback, CancellationToken cancellation = default)
    {
        if (UdfRange.Read(from, to, countback, out var error) is not { } range)
        {
            return Error(error!);
        }

        if (symbol is not { Length: > 0 })
        {
            return Error("symbol is missing");
        }

        var found = SymbolResolver.FindOne(instruments, defaultVenue, symbol);
        if (found.Fault != SymbolFault.None)
        {
            return Error("unknown_symbol");
        }

        if (!CandleInterval.TryParse(resolution, out var interval))
        {
            return Error("unsupported resolution");
        }

        var series = new SeriesKey(found.Venue, found.Id, interval);
        try
        {
            var bars = await history.AnswerAsync(hub, new HistoryRange(series, range.Count, range.To, range.From), cancellation);
            if (bars.Candles.Count > 0)
            {
                return Answer(UdfBars.Write(bars.Candles));
            }

            // What lies before: the chart goes on looking there.
            var older = range.From == 0 ? null : await history.AnswerAsync(hub, new HistoryRange(series, 1, range.From), cancellation);
            return Answer(older is { Candles: [var last] }
                ? new JsonBuffer().Raw("{\"s\":\"no_data\",\"nextTime\":"u8).Integer(last.OpenTime / CandleService.MicrosecondsPerSecond).Raw((byte)'}')
                : new JsonBuffer().Raw("{\"s\":\"no_data\"}"u8));
        }
        catch (Exception fault) when (fault is HubUnavailableException or HistoryException)
        {
            return Error("the server cannot answer now");
        }
    }

    internal static bool TryInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static UdfAnswer Answer(JsonBuffer json) => new(json.ToArray());

    /// <param name="message">Never what the client sent.</param>
    private static UdfAnswer Error(string message) => Answer(new JsonBuffer().Raw("{\"s\":\"error\",\"errmsg\":"u8).Text(message).Raw((byte)'}'));
}
