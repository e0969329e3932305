using Microsoft.AspNetCore.Http;
using Pipeline.Simulator.Transcripts;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Control;

/// <summary><c>/transcript</c> and <c>/obligations</c>: what was said, and what clients owed.</summary>
internal static class TranscriptRoutes
{
    private const int DefaultLimit = 100;

    public static Task NewestAsync(HttpContext context, Transcript transcript)
    {
        var connection = ControlInput.Integer(context, "connection", 0, 0, int.MaxValue);
        var limit = (int)ControlInput.Integer(context, "limit", DefaultLimit, 1, Transcript.EntriesKept);
        return JsonAnswer.WriteAsync(context, new
        {
            transcript.IsOn,
            transcript.File,
            transcript.Frames,
            transcript.Dropped,
            Entries = transcript.Newest(connection == 0 ? null : (int)connection, limit).Select(TranscriptText.Of),
        });
    }

    public static Task SwitchAsync(HttpContext context, Transcript transcript)
    {
        transcript.IsOn = context.Request.Query["on"].ToString() switch
        {
            "true" => true,
            "false" => false,
            var other => throw new ControlException(StatusCodes.Status400BadRequest, $"on must be true or false, not '{other}'."),
        };
        return JsonAnswer.WriteAsync(context, new { transcript.IsOn });
    }

    /// <summary>What went over each connection, open or not: to hold a client's own figures against.</summary>
    public static Task ConnectionsAsync(HttpContext context, SimulatorState state) => JsonAnswer.WriteAsync(context, new
    {
        state.Connections.Attempts,
        state.Connections.Opened,
        Connections = state.Ledgers.All.Select(ledger => new
        {
            ledger.Connection,
            Venue = ledger.Venue.Name(),
            ledger.Path,
            ledger.ConnectedAt,
            ledger.Counts.EndedAt,
            ledger.Counts.EndReason,
            ledger.Counts.Messages,
            ledger.Counts.Frames,
            ledger.Counts.Bytes,
            ledger.Counts.Requests,
            ledger.Counts.Pongs,
        }).ToList(),
    });

    public static Task ObligationsAsync(HttpContext context, ClientLedgers ledgers) =>
        JsonAnswer.WriteAsync(context, ledgers.All.Select(ledger =>
        {
            var record = ledger.ToRecord();
            return new
            {
                ledger.Connection,
                Venue = ledger.Venue.Name(),
                ledger.Path,
                record.IsOpen,
                LongestPongSeconds = record.LongestPong.TotalSeconds,
                record.PingsUnanswered,
                MostMessagesPerSecond = record.MostMessages,
                LargestRequestBytes = record.LargestRequest,
                LongestSilenceSeconds = record.LongestSilence.TotalSeconds,
                record.Violations,
                record.ViolationCount,
            };
        }));
}
