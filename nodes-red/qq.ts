import { onebot } from '../src/services/onebot/onebot.channel';
import { qmsg } from '../src/services/qmsg/qmsg.channel';
import { onebotTrigger } from '../src/services/onebot/onebot.trigger';
import { onebotReverseTrigger } from '../src/services/onebot/onebotReverse.trigger';
import { channelSet } from '../src/hosts/node-red/channel-node';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = {
	onebot: channelSet(onebot),
	qmsg: channelSet(qmsg),
	onebotTrigger: triggerSet(onebotTrigger),
	onebotReverseTrigger: triggerSet(onebotReverseTrigger),
};
