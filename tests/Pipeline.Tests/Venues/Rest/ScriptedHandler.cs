using System.Net;
using System.Text;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Venues.Rest;

/// <summary>An HTTP handler that answers as told, in the order of the requests, and keeps what was asked and when.</summary>
internal sealed class ScriptedHandler(TestTimeProvider clock) : HttpMessageHandler
{
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    /// <summary>Path and query of every request, with the seconds passed when it came.</summary>
    public List<(string Asked, double Seconds)> Requests { get; } = [];

    public string? UserAgent { get; private set; }

    /// <summary>Empty = none was sent.</summary>
    public string? Authorization { get; private set; }

    public ScriptedHandler Answer(HttpStatusCode status, string body = "{}", params (string Name, string Value)[] headers) =>
        Then(_ => Task.FromResult(Make(status, body, headers)));

    public ScriptedHandler Fail() => Then(_ => Task.FromException<HttpResponseMessage>(new HttpRequestException("connection reset")));

    /// <summary>No answer until the caller loses patience. Not a delay: a cancelled delay goes on elsewhere, later than the clock's step.</summary>
    public ScriptedHandler Hang() => Then(cancellation =>
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        cancellation.Register(() => answer.TrySetCanceled(cancellation));
        return answer.Task;
    });

    public ScriptedHandler Then(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request.RequestUri!.PathAndQuery, clock.Elapsed.TotalSeconds));
        UserAgent = request.Headers.UserAgent.ToString();
        Authorization = request.Headers.Authorization?.ToString() ?? "";
        return _answers.TryDequeue(out var answer) ? answer(cancellationToken) : throw new InvalidOperationException("Not scripted.");
    }

    private static HttpResponseMessage Make(HttpStatusCode status, string body, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
