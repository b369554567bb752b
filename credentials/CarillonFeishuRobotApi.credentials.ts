import { feishuRobot } from '../src/services/feishu/feishuRobot.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonFeishuRobotApi extends credential(feishuRobot) {}
