using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>
/// Answer of <c>GET /readyz</c>. A gateway is ready when it can serve what the log has. That a stream is stale is named and does not make
/// it unready, since every other gateway has the same streams, and a load balancer would take all away.
/// </summary>
/// <param name="Reason">In words; empty when there is nothing to say.</param>
/// <param name="Streams">Streams that do not come as they should, worst first.</param>
/// <param name="MoreStreams">How many there are besides.</param>
internal sealed record GatewayReadiness(
    [property: Description("Whether it can serve.")] bool Ready,
    [property: Description("What it waits for, or which streams are not fresh; empty when there is nothing to say.")] string Reason,
    [property: Description("Streams that are stale or paused, oldest first, and collectors that do not report.")] IReadOnlyList<UnwellStreamBody> Streams,
    [property: Description("How many there are besides.")] int MoreStreams)
{
    public static GatewayReadiness Waiting(string reason) => new(false, reason, [], 0);

    /// <summary>As lines of text, the first by itself enough.</summary>
    public string ToText()
    {
        var first = Reason.Length == 0 ? "ok" : Reason;
        var more = MoreStreams > 0 ? [$"and {MoreStreams} more"] : Array.Empty<string>();
        return string.Join('\n', [first, .. Streams.Select(one => one.ToText()), .. more]);
    }
}
