using System.Net;
using Microsoft.AspNetCore.Http;
using Pipeline.Core.Market;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>The REST interface: rows, newest first, in the venue's envelope.</summary>
internal sealed class OkxRest
{
    private readonly OkxDirectory _directory;
    private readonly MarketWorld? _world;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, (ConnectBudget Budget, Action<FrameBuilder, OkxQuery, long> Write)> _routes = [];

    public OkxRest(OkxDirectory directory, MarketWorld? world, TimeProvider clock)
    {
        _directory = directory;
        _world = world;
        _clock = clock;
        Add("/api/v5/public/time", 10, (frame, query, now) => OkxRestReference.Time(frame, query, now + (_world?.SkewOf(SimulatedVenue.Okx) ?? 0)));
        Add("/api/v5/public/instruments", 20, OkxRestReference.Instruments);
        Add("/api/v5/public/funding-rate", 10, OkxRestReference.FundingRate);
        Add("/api/v5/public/mark-price", 10, OkxRestReference.MarkPrice);
        Add("/api/v5/public/open-interest", 20, OkxRestReference.OpenInterest);
        Add("/api/v5/market/candles", 40, (frame, query, now) => OkxRestMarket.Candles(frame, query, now, most: 1440));
        Add("/api/v5/market/history-candles", 20, (frame, query, now) => OkxRestMarket.Candles(frame, query, now, most: int.MaxValue));
        Add("/api/v5/market/trades", 100, OkxRestMarket.Trades);
        Add("/api/v5/market/history-trades", 20, OkxRestMarket.HistoryTrades);
        Add("/api/v5/market/books", 40, (frame, query, now) => OkxRestMarket.Book(frame, query, now, most: 400, full: false));
        Add("/api/v5/market/books-full", 10, (frame, query, now) => OkxRestMarket.Book(frame, query, now, most: 5000, full: true));
        Add("/api/v5/market/tickers", 20, OkxRestMarket.Tickers);
        Add("/api/v5/market/ticker", 20, OkxRestMarket.Ticker);
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var frame = new FrameBuilder();
        var status = Answer(context, frame);
        await RestAnswer.WriteAsync(context, status, frame);
    }

    private static int Refuse(FrameBuilder frame, int status, string code, string message)
    {
        frame.Begin();
        frame.Text(System.Text.Encoding.UTF8.GetBytes($"{{\"code\":\"{code}\",\"msg\":\"{message}\",\"data\":[]}}"));
        return status;
    }

    /// <param name="path">Where.</param>
    /// <param name="limit">Requests taken per address and <see cref="OkxLimits.RestWindow"/>.</param>
    /// <param name="write">Writes the rows; may throw <see cref="OkxRestException"/>.</param>
    private void Add(string path, int limit, Action<FrameBuilder, OkxQuery, long> write) =>
        _routes.Add(path, (new ConnectBudget(_clock, new ConnectLimit(limit, OkxLimits.RestWindow)), write));

    private int Answer(HttpContext context, FrameBuilder frame)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || !_routes.TryGetValue(context.Request.Path.Value ?? "", out var route))
        {
            return Refuse(frame, StatusCodes.Status404NotFound, "404", "Not Found");
        }

        if (!route.Budget.TryTake(context.Connection.RemoteIpAddress ?? IPAddress.None, out _))
        {
            return Refuse(frame, StatusCodes.Status429TooManyRequests, "50011", "Too Many Requests");
        }

        if (_world is not { } world)
        {
            return Refuse(frame, StatusCodes.Status503ServiceUnavailable, "50001", "Service temporarily unavailable.");
        }

        try
        {
            var query = new OkxQuery(context.Request.Query, _directory);
            frame.Begin();
            frame.Text("{\"code\":\"0\",\"msg\":\"\",\"data\":["u8);
            world.Read(() =>
            {
                route.Write(frame, query, MarketTime.Now(_clock));
                return true;
            });
            frame.Text("]}"u8);
            return StatusCodes.Status200OK;
        }
        catch (OkxRestException e)
        {
            return Refuse(frame, e.Status, e.Code, e.Message);
        }
    }
}
