import { feishuApp } from '../src/channels/feishuApp';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonFeishuAppApi extends credential(feishuApp) {}
