namespace Pipeline.Gateway.Hub;

/// <summary>Takes commands: the hub, or one without a thread in tests.</summary>
internal interface IHub
{
    /// <inheritdoc cref="GatewayHub.Post"/>
    bool Post(IHubCommand command, bool force = false);
}
