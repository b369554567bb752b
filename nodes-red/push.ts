import { bark } from '../src/services/bark/bark.channel';
import { desktop } from '../src/services/desktop/desktop.channel';
import { gotify } from '../src/services/gotify/gotify.channel';
import { ntfy } from '../src/services/ntfy/ntfy.channel';
import { pushPlus } from '../src/services/pushPlus/pushPlus.channel';
import { serverChan } from '../src/services/serverChan/serverChan.channel';
import { sre24 } from '../src/services/sre24/sre24.channel';
import { webPush } from '../src/services/webPush/webPush.channel';
import { wxpusher } from '../src/services/wxpusher/wxpusher.channel';
import { xxtui } from '../src/services/xxtui/xxtui.channel';
import { webPushTrigger } from '../src/services/webPush/webPush.trigger';
import { wxpusherTrigger } from '../src/services/wxpusher/wxpusher.trigger';
import { channelSet } from '../src/hosts/node-red/channel-node';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = {
	bark: channelSet(bark),
	desktop: channelSet(desktop),
	gotify: channelSet(gotify),
	ntfy: channelSet(ntfy),
	pushPlus: channelSet(pushPlus),
	serverChan: channelSet(serverChan),
	sre24: channelSet(sre24),
	webPush: channelSet(webPush),
	wxpusher: channelSet(wxpusher),
	xxtui: channelSet(xxtui),
	webPushTrigger: triggerSet(webPushTrigger),
	wxpusherTrigger: triggerSet(wxpusherTrigger),
};
