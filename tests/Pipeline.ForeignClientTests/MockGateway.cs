using System.Diagnostics;

namespace Pipeline.ForeignClientTests;

/// <summary>The stand-in for the gateway that front-end developers work with (<c>npm run dev:mock</c>), on a free port.</summary>
internal sealed class MockGateway : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _control;

    private MockGateway(Process process, Uri url)
    {
        (_process, Url) = (process, url);
        _control = new HttpClient { BaseAddress = url };
    }

    public Uri Url { get; }

    public static async Task<MockGateway> StartAsync()
    {
        var folder = Path.Combine(ForeignClient.Root, "src", "web");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), $"The page was not built ({folder}); make web does it.");
        var start = new ProcessStartInfo("node", [Path.Combine(folder, "dev", "mock.js"), "0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return new MockGateway(process, new Uri(address!));
    }

    /// <summary>Does what the visitor of the page asks for.</summary>
    public async Task BringAboutAsync(string what)
    {
        switch (what)
        {
            case "stale":
                await CallAsync("mock/health?stream=binance:BTC-USDT:trade&state=stale&reason=silent");
                break;
            case "fresh":
                await CallAsync("mock/health?stream=binance:BTC-USDT:trade&state=fresh&reason=data-resumed");
                break;
            case "down":
                // Comes back by itself: nobody could tell it to while it is away.
                await CallAsync("mock/down?seconds=5");
                break;
        }
    }

    public void Dispose()
    {
        _control.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task CallAsync(string path)
    {
        using var answer = await _control.PostAsync(new Uri(path, UriKind.Relative), content: null);
        answer.EnsureSuccessStatusCode();
    }
}
