using System.Net;
using System.Text.Json.Nodes;
using Pipeline.Host.Supervision;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Venues.Rest;

namespace Pipeline.Tests.Host.Supervision;

public sealed class FiguresPollerTests : IDisposable
{
    private readonly TestTimeProvider _clock = new();
    private readonly ScriptedHandler _server;
    private readonly HttpClient _client;
    private readonly List<int?> _applied = [];

    public FiguresPollerTests() => _client = new HttpClient(_server = new ScriptedHandler(_clock));

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task RunAsync_AsksOnceASecond_AndWhatIsNoAnswerIsNone()
    {
        _server.Answer(HttpStatusCode.OK, """{"clients":1}""").Answer(HttpStatusCode.Unauthorized, """{"clients":2}""").Fail()
            .Answer(HttpStatusCode.OK, "<html>").Then(_ => throw new TaskCanceledException("too slow")).Answer(HttpStatusCode.OK, """{"clients":3}""");
        using var stop = new CancellationTokenSource();
        var running = MakePoller().RunAsync(stop.Token);
        for (var second = 1; second <= 5; second++)
        {
            await WaitedForAsync();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await WaitedForAsync();
        await stop.CancelAsync();
        await running;

        Assert.Equal([1, null, null, null, null, 3], _applied);
        Assert.Equal(Enumerable.Range(0, 6).Select(second => ("/statistics", (double)second)), _server.Requests);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileItAsks_EndsWithoutAWord()
    {
        _server.Hang();
        using var stop = new CancellationTokenSource();
        var running = MakePoller().RunAsync(stop.Token);
        await stop.CancelAsync();
        await running;

        Assert.Empty(_applied);
    }

    [Theory]
    [InlineData("secret", "Bearer secret")]
    [InlineData(null, "")]
    public async Task RunAsync_SendsItsToken(string? token, string expected)
    {
        _server.Answer(HttpStatusCode.OK);
        using var stop = new CancellationTokenSource();
        var running = MakePoller(token).RunAsync(stop.Token);
        await WaitedForAsync();
        await stop.CancelAsync();
        await running;

        Assert.Equal(expected, _server.Authorization);
    }

    /// <summary>Until it waits for the next second.</summary>
    private async Task WaitedForAsync()
    {
        while (_clock.PendingTimers == 0)
        {
            await Task.Yield();
        }
    }

    private FiguresPoller<JsonObject> MakePoller(string? token = null) =>
        new(_client, new Uri("http://127.0.0.1:8081/statistics"), answer => _applied.Add((int?)answer?["clients"]), _clock) { Token = token };
}
