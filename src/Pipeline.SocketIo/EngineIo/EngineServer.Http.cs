using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

public sealed partial class EngineServer
{
    /// <summary>Where no poll waits when a client closes, one that it sent before may still be on its way: it is waited for so long.</summary>
    private static readonly TimeSpan LastPollDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Serves a polling request, or refuses what is none.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var mayAsk = _options.Origins?.Share(context) ?? true;
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            OriginPolicy.AnswerPreflight(context.Response);
            return;
        }

        var error = Check(context, mayAsk, out var session);
        if (error is not null)
        {
            await RefuseAsync(context, error);
        }
        else if (session is null)
        {
            await OpenAsync(context);
        }
        else if (HttpMethods.IsGet(context.Request.Method))
        {
            await PollAsync(context, session);
        }
        else
        {
            await PostAsync(context, session);
        }
    }

    private EngineError? Check(HttpContext context, bool mayAsk, out EngineSession? session)
    {
        session = null;
        var request = context.Request;
        var query = request.QueryString.Value ?? "";
        var transport = RequestQuery.Find(query, "transport");
        var known = transport switch
        {
            "polling" => EngineTransports.Polling,
            "websocket" => EngineTransports.WebSocket,
            _ => EngineTransports.None,
        };
        if ((_options.Transports & known) == 0)
        {
            return EngineErrors.UnknownTransport;
        }

        if (RequestQuery.Find(query, "EIO") != "4")
        {
            return EngineErrors.UnsupportedVersion;
        }

        if (!mayAsk)
        {
            return EngineErrors.Forbidden;
        }

        var sid = RequestQuery.Find(query, "sid");
        if (string.IsNullOrEmpty(sid))
        {
            var misplaced = known == EngineTransports.Polling ? null : EngineErrors.BadRequest;
            return HttpMethods.IsGet(request.Method) ? misplaced : EngineErrors.BadHandshakeMethod;
        }

        if (!_sessions.TryGetValue(sid, out session))
        {
            return EngineErrors.UnknownSession;
        }

        var isKnownMethod = HttpMethods.IsGet(request.Method) || HttpMethods.IsPost(request.Method);
        var polls = known == EngineTransports.Polling && session.Transport == EngineTransports.Polling;
        return polls && isKnownMethod ? null : EngineErrors.BadRequest;
    }

    private async Task OpenAsync(HttpContext context)
    {
        var request = context.Request;
        var handshake = EngineHandshake.Create(
            request.QueryString.Value ?? "",
            context.Connection.RemoteIpAddress ?? IPAddress.None,
            EngineTransports.Polling,
            _options.KeepHeaders,
            name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null);
        if (Admit(handshake) is { } error)
        {
            await RefuseAsync(context, error);
            return;
        }

        if (!TryEnter())
        {
            _options.PollingEnded?.Invoke(handshake);
            await RefuseAsync(context, EngineErrors.TooMany with { RetryAfterSeconds = _options.RetryAfterSeconds });
            return;
        }

        var session = new EngineSession(this, handshake, link: null);
        _sessions[session.Id] = session;
        Start(session);
        var upgrades = _options.AllowUpgrades && (_options.Transports & EngineTransports.WebSocket) != 0;
        await AnswerAsync(context, PollAnswer.Of(OpenPacket(session, upgrades)));
    }

    private async Task PollAsync(HttpContext context, EngineSession session)
    {
        var answering = session.PollAsync(out var poll);
        using var aborted = poll is null
            ? default
            : context.RequestAborted.UnsafeRegister(static state => ((PendingPoll)state!).Abort(), poll);
        var answer = await answering;
        try
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            await AnswerAsync(context, answer);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // What was taken for this poll is lost.
            session.Finish(EngineCloseReason.TransportError);
        }
    }

    private async Task PostAsync(HttpContext context, EngineSession session)
    {
        if (!session.TryBeginPost())
        {
            await RefuseAsync(context, EngineErrors.BadRequest);
            return;
        }

        PostOutcome outcome;
        using (var body = new RequestBody())
        {
            try
            {
                if (!await body.ReadAsync(context.Request, _options.MaxPayload))
                {
                    session.Finish(EngineCloseReason.TransportError);
                    await RefuseAsync(context, EngineErrors.TooLarge);
                    return;
                }

                outcome = await session.OnPayloadAsync(body.Memory);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or BadHttpRequestException)
            {
                // Broken off in the middle: what it was going to say is lost.
                session.Finish(EngineCloseReason.TransportError);
                return;
            }
            finally
            {
                session.EndPost();
            }
        }

        if (outcome == PostOutcome.PeerCloses && session.OnPeerCloses())
        {
            await Task.Delay(LastPollDelay, _time);
            session.Finish(EngineCloseReason.TransportClose);
        }

        if (outcome == PostOutcome.Broken)
        {
            await RefuseAsync(context, EngineErrors.BadRequest);
            return;
        }

        await WriteAsync(context, "ok"u8.ToArray());
    }

    private async Task AnswerAsync(HttpContext context, PollAnswer answer)
    {
        if (answer.Packets is not { } packets)
        {
            await RefuseAsync(context, EngineErrors.BadRequest);
            return;
        }

        SetHeaders(context);
        context.Response.ContentLength = PollingPayload.Measure(packets);
        PollingPayload.Write(packets, context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync();
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        SetHeaders(context);
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static void SetHeaders(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=UTF-8";
        context.Response.Headers.CacheControl = "no-store";
    }

    private async Task RefuseAsync(HttpContext context, EngineError error)
    {
        Metrics.OnRefused(error.Code);
        context.Response.StatusCode = error.Status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        if (error.RetryAfterSeconds > 0)
        {
            context.Response.Headers.RetryAfter = error.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsync(error.Body);
    }
}
