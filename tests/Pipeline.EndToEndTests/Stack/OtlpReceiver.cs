using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>An OTLP receiver that keeps what it gets, as bytes: names and ids stand in them as they are.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly Task _serving;
    private volatile bool _isRefusing;

    public OtlpReceiver()
    {
        Port = FreePort.Next();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port { get; }

    /// <summary>Answers 503 from now on, or no more.</summary>
    public bool IsRefusing
    {
        get => _isRefusing;
        set => _isRefusing = value;
    }

    /// <summary>Whether one request to the path had all of these in it.</summary>
    public bool Has(string path, params byte[][] parts) =>
        _received.Any(one => one.Path == path && Array.TrueForAll(parts, part => one.Body.AsSpan().IndexOf(part) >= 0));

    public bool Has(string path, params string[] parts) => Has(path, [.. parts.Select(Encoding.UTF8.GetBytes)]);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var call = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await call.Request.InputStream.CopyToAsync(body);
                if (!IsRefusing)
                {
                    _received.Enqueue((call.Request.Url!.AbsolutePath, body.ToArray()));
                }

                call.Response.StatusCode = IsRefusing ? 503 : 200;
                call.Response.ContentType = "application/x-protobuf";
                call.Response.Close();
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
