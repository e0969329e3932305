using System.Net;
using System.Net.Sockets;
using System.Text;
using Pipeline.Host;
using Pipeline.Host.Commands;

namespace Pipeline.Tests.Host.Commands;

public sealed class ProbeCommandTests : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly CommandRun _run = new("/");
    private string? _variable;

    public ProbeCommandTests() => _server.Start();

    private int Port => ((IPEndPoint)_server.LocalEndpoint).Port;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Probe_ServerThatIsWell_IsZeroAndSilent()
    {
        var answering = AnswerAsync("200 OK", "live");

        Assert.Equal(ExitCodes.Ok, await ProbeAsync($"http://127.0.0.1:{Port}/livez"));
        Assert.Equal("", _run.Out + _run.Error);
        Assert.StartsWith("GET /livez HTTP/1.1", await answering, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_ServerThatIsNotReady_IsOneWithItsReason()
    {
        var answering = AnswerAsync("503 Service Unavailable", "binance:BTC-USDT:trade is stale\nmore");

        Assert.Equal(ExitCodes.Failed, await ProbeAsync($"http://127.0.0.1:{Port}/readyz"));
        Assert.Equal("error: binance:BTC-USDT:trade is stale\n", _run.Error);
        await answering;
    }

    [Fact]
    public async Task Probe_Redirect_IsNotFollowed()
    {
        var answering = AnswerAsync("302 Found", "elsewhere");

        Assert.Equal(ExitCodes.Failed, await ProbeAsync($"http://127.0.0.1:{Port}/livez"));
        Assert.Equal($"error: http://127.0.0.1:{Port}/livez answers 302: elsewhere\n", _run.Error);
        await answering;
    }

    [Fact]
    public async Task Probe_ServerThatSaysNothing_IsOneAfterTheTimeout()
    {
        Assert.Equal(ExitCodes.Failed, await ProbeAsync($"http://127.0.0.1:{Port}/livez", "--timeout", "50ms"));
        Assert.Equal($"error: http://127.0.0.1:{Port}/livez has not answered within 0.05 s\n", _run.Error);
    }

    [Fact]
    public async Task Probe_Tcp_AsksOnlyWhetherThePortAccepts()
    {
        Assert.Equal(ExitCodes.Ok, await ProbeAsync($"tcp://127.0.0.1:{Port}"));

        var port = Port;
        _server.Stop();
        Assert.Equal(ExitCodes.Failed, await ProbeAsync($"tcp://127.0.0.1:{port}"));
        Assert.Equal($"error: 127.0.0.1:{port}: Connection refused\n", _run.Error);
    }

    [Fact]
    public async Task Probe_WithoutAnAddress_AsksTheVariables()
    {
        _variable = $"tcp://127.0.0.1:{Port}";

        Assert.Equal(ExitCodes.Ok, await ProbeAsync());
    }

    [Theory]
    [InlineData(null, "no address is given")]
    [InlineData("127.0.0.1:8081", "'127.0.0.1:8081' is no address to ask")]
    [InlineData("ftp://127.0.0.1:8081", "'ftp://127.0.0.1:8081' is no address to ask")]
    [InlineData("tcp://127.0.0.1", "'tcp://127.0.0.1' is no address to ask")]
    public async Task Probe_BadAddress_IsWrongUsage(string? address, string expected)
    {
        _variable = address;

        Assert.Equal(ExitCodes.Invalid, await ProbeAsync());
        Assert.Equal($"error: {expected}; write it like http://127.0.0.1:8081/livez or tcp://127.0.0.1:29092.\n", _run.Error);
    }

    [Fact]
    public async Task Probe_BadTimeout_IsWrongUsage()
    {
        Assert.Equal(ExitCodes.Invalid, await ProbeAsync("tcp://127.0.0.1:1", "--timeout", "soon"));
        Assert.Equal("error: --timeout: 'soon' is no duration; write it like 500ms or 5s.\n", _run.Error);
    }

    private Task<int> ProbeAsync(params string[] arguments)
    {
        var context = _run.Context with { Environment = name => name == ProbeCommand.Variable ? _variable : null };
        return _run.RunAsync(ProbeCommand.Create(context), ["probe", .. arguments]);
    }

    /// <summary>Answers one request and returns its head.</summary>
    private async Task<string> AnswerAsync(string status, string body)
    {
        using var client = await _server.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[4096];
        var length = await stream.ReadAsync(buffer);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
