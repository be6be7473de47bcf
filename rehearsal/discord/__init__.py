"""Discord's wire protocol, REST v10 and gateway, on a world kept in memory."""
