using System.Net;
using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.TestKit;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Venues.Rest;
using Pipeline.Venues.Binance.Rest;

namespace Pipeline.Tests.Venues.Binance.Rest;

/// <summary>Both of Binance's HTTP interfaces over one scripted handler, at a time between two candles of the fixtures.</summary>
internal sealed class RestWorld : IDisposable
{
    private readonly HttpClient _http;

    public RestWorld()
    {
        Handler = new ScriptedHandler(Time);
        _http = new HttpClient(Handler);
        Spot = new BinanceSpotRest(_http, new Uri("https://spot.test"), Time);
        Futures = new BinanceFuturesRest(_http, new Uri("https://futures.test"), Time);
    }

    public TestTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1794900061000));

    public ScriptedHandler Handler { get; }

    public BinanceSpotRest Spot { get; }

    public BinanceFuturesRest Futures { get; }

    /// <summary>Path and query of the last request.</summary>
    public string Asked => Handler.Requests[^1].Asked;

    /// <summary>A batch as the caller of the spot or futures interface would bring it.</summary>
    public static VenueBatch Batch() => new() { Source = BinanceFrames.Source, ReceivedTime = 1 };

    public RestWorld Answer(string fixture) => AnswerText(Encoding.UTF8.GetString(Fixture.Read(fixture + ".json")));

    public RestWorld AnswerText(string body)
    {
        Handler.Answer(HttpStatusCode.OK, body);
        return this;
    }

    public void Dispose()
    {
        _http.Dispose();
        Handler.Dispose();
    }
}
