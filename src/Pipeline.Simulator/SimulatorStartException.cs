namespace Pipeline.Simulator;

/// <summary>The simulator cannot start; the message says which option is the reason and what to do.</summary>
public sealed class SimulatorStartException : Exception
{
    public SimulatorStartException(string message)
        : base(message)
    {
    }

    public SimulatorStartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public SimulatorStartException()
    {
    }
}
