namespace Pipeline.Gateway.Hub;

/// <summary>The hub takes no command: it has ended, or too many wait.</summary>
public sealed class HubUnavailableException : Exception
{
    public HubUnavailableException()
        : base("The hub takes no command.")
    {
    }

    public HubUnavailableException(string message)
        : base(message)
    {
    }

    public HubUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
