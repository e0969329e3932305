namespace Pipeline.Simulator.Control;

/// <summary>A control request that cannot be served: HTTP status and what to tell.</summary>
internal sealed class ControlException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
