using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pipeline.Core.Market;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>The REST interface: results in the venue's envelope.</summary>
internal sealed class BybitRest
{
    private readonly BybitDirectory _directory;
    private readonly MarketWorld? _world;
    private readonly TimeProvider _clock;
    private readonly ConnectBudget _budget;
    private readonly Dictionary<string, Action<FrameBuilder, BybitQuery, long>> _routes;

    public BybitRest(BybitDirectory directory, MarketWorld? world, TimeProvider clock, BybitDialect dialect)
    {
        _directory = directory;
        _world = world;
        _clock = clock;
        _budget = new ConnectBudget(clock, new ConnectLimit(BybitLimits.RestPerWindow, BybitLimits.RestWindow));
        _routes = new(StringComparer.Ordinal)
        {
            ["/v5/market/time"] = (frame, query, now) => BybitRestMarket.Time(frame, query, now + Skew),
            ["/v5/market/instruments-info"] = BybitRestMarket.Instruments,
            ["/v5/market/tickers"] = BybitRestMarket.Tickers,
            ["/v5/market/kline"] = BybitRestMarket.Klines,
            ["/v5/market/orderbook"] = BybitRestMarket.Book,
            ["/v5/market/recent-trade"] = (frame, query, _) => BybitRestMarket.Trades(frame, query, dialect.UuidTradeIds),
        };
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var frame = new FrameBuilder();
        frame.Begin();
        var status = Answer(context, frame);
        await RestAnswer.WriteAsync(context, status, frame);
    }

    /// <summary>Microseconds by which the venue's clock is ahead.</summary>
    private long Skew => _world?.SkewOf(SimulatedVenue.Bybit) ?? 0;

    private int Refuse(FrameBuilder frame, int status, int code, string message, long now)
    {
        frame.Begin();
        frame.Text("{\"retCode\":"u8).Integer(code).Text(Encoding.UTF8.GetBytes($",\"retMsg\":\"{message}\",\"result\":{{}}"));
        End(frame, now);
        return status;
    }

    private void End(FrameBuilder frame, long now) =>
        frame.Text(",\"retExtInfo\":{},\"time\":"u8).Integer((now + Skew) / UnixTime.Millisecond).Text("}"u8);

    private int Answer(HttpContext context, FrameBuilder frame)
    {
        var now = MarketTime.Now(_clock);
        if (!_budget.TryTake(context.Connection.RemoteIpAddress ?? IPAddress.None, out _))
        {
            return Refuse(frame, StatusCodes.Status403Forbidden, 10006, "access too frequent", now);
        }

        if (!HttpMethods.IsGet(context.Request.Method) || !_routes.TryGetValue(context.Request.Path.Value ?? "", out var write))
        {
            return Refuse(frame, StatusCodes.Status404NotFound, 404, "Not Found", now);
        }

        if (_world is not { } world)
        {
            return Refuse(frame, StatusCodes.Status503ServiceUnavailable, 10016, "Service not available", now);
        }

        try
        {
            var query = new BybitQuery(context.Request.Query, _directory);
            frame.Text("{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{"u8);
            world.Read(() =>
            {
                write(frame, query, now);
                return true;
            });
            frame.Text("}"u8);
            End(frame, now);
            return StatusCodes.Status200OK;
        }
        catch (BybitRestException e)
        {
            return Refuse(frame, StatusCodes.Status200OK, 10001, e.Message, now);
        }
    }
}
