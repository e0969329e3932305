using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>Refuses handshakes, or leaves them without an answer.</summary>
internal sealed class HandshakeFaults(FaultBoard board, SimulatedVenue venue, TimeProvider clock)
{
    // How often somebody who waits for nothing looks whether the fault is over.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>True when the handshake was dealt with; <paramref name="reset"/> cuts TCP.</summary>
    public async Task<bool> TryHandleAsync(HttpContext context, Action reset)
    {
        if (board.IsQuiet)
        {
            return false;
        }

        if (board.Strike(FaultId.F16, venue) is { } hang)
        {
            await HangAsync(hang.Handle, context.RequestAborted);
            reset();
            return true;
        }

        if (board.Strike(FaultId.F15, venue) is { } refused)
        {
            await RefuseAsync(context, refused, reset);
            return true;
        }

        if (board.Find(FaultId.F08, venue) is not null)
        {
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Upgrade.");
            return true;
        }

        return false;
    }

    /// <summary>Whole seconds, rounded up, as HTTP has it; none for a duration of zero.</summary>
    public static void AddRetryAfter(HttpContext context, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static async Task RefuseAsync(HttpContext context, ActiveFault refused, Action reset)
    {
        var status = refused.Values.Text("status");
        if (status == "tcp")
        {
            reset();
            return;
        }

        AddRetryAfter(context, refused.Values.Duration("retryAfter"));
        await WebSocketHandshake.RefuseAsync(context, int.Parse(status, CultureInfo.InvariantCulture), "Refused.");
    }

    private async Task HangAsync(int handle, CancellationToken cancellation)
    {
        try
        {
            while (board.Find(handle) is not null)
            {
                await Task.Delay(Look, clock, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The client gave up, as it should.
        }
    }
}
